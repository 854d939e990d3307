"""The room for access requests (inzageverzoeken)."""
