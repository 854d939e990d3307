"""What leaves the house: invitations, answers to them, the feed, and the check of their words."""
