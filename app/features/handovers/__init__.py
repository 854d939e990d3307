"""The room for handovers: a case offered to another table or a team, and what came of it."""
