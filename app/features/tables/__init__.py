"""The room for tables."""
