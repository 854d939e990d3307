"""The room for calendar."""
