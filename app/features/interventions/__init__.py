"""The agreed order of criminal-justice and care interventions of a case."""
