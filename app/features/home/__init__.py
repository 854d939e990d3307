"""The room for home."""
