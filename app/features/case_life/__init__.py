"""What becomes of a case over time: its line, who leads it, who brings it, and its household."""
