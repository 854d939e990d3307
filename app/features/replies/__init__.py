"""The room for answers that came by mail."""
