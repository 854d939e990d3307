"""The day list of a ZSM table."""
