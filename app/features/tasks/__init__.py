"""The room for tasks: named fields of one case for one person, given by staff and accepted."""
