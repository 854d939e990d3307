"""What the worker does for the room for actions."""
