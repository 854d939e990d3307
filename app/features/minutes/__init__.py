"""The room for minutes."""
