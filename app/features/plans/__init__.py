"""The room for plans: phases, criteria to end by, life domains, reviews, and who always sits."""
