"""The room for accounts."""
