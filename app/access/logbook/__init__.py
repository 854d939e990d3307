"""What keeps the log true: its chain, seals, check, export and end."""
