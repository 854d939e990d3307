"""What somebody who is gone left open at a table, handed over by its staff."""
