"""The room for reminders: how a table chases its actions, whom it tells when they stay undone."""
