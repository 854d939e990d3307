"""The urgent table in five minutes: one form, whom to call, and the call sheet."""
