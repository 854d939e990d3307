"""The room for watching: who opened what, on which ground, and why somebody may or may not."""
