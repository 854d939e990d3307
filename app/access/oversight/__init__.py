"""Who read what and why: readers, alarms, emergency readings and the account of the rule."""
