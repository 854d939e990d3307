"""Samen op in Acuut: agreements made on the spot, on a phone, handed over at once."""
