"""The room for the set-up of a region as a whole: take it out as one file, set one up from it."""
