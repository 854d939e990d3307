"""The room for people."""
