"""The room for notices: short mails about meetings, and nothing on screen."""
