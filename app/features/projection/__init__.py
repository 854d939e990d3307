"""The room for projection."""
