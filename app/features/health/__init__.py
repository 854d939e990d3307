"""The room for health: is it up, and what does whoever runs it have to mend."""
