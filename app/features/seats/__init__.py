"""The room for seats."""
