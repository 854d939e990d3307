"""The room for organisations."""
