"""Accounts, changes that need a second person, and what the administrator is told."""
