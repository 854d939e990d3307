"""What a meeting leaves behind: decisions, actions and each recipient's extract."""
