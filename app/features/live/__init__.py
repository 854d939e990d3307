"""The room for live."""
