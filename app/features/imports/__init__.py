"""The room for imports."""
