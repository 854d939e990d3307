"""The room for the sign-in pages of partners."""
