"""The room for cases."""
