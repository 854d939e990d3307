"""The end of what was recorded, and what somebody concerned may ask of it."""
