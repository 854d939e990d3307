"""The room for delivery."""
