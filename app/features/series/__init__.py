"""The room for series of meetings and the days a table is closed."""
