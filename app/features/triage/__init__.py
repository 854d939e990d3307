"""The room for triage: what was referred to the tables one serves, and what becomes of it."""
