"""The Spoedteam's list of a working day: references, urgent or not, picked up and handed over."""
