"""The room where contacts say, twice a year, who still works at their organisation."""
