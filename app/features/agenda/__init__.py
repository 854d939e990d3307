"""The room for agenda."""
