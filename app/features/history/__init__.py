"""The room for what changed in the set-up of the region."""
