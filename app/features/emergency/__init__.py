"""The room for opening a case in an emergency, and for the review of it."""
