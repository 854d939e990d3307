"""The room for meetings."""
