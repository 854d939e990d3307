"""The room for rooms."""
