"""How organisations keep what was agreed: numbers, by name and never by outcome."""
