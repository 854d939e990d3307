"""The rules themselves in plain Python: no database, no web, nothing but the standard library."""
