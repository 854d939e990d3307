"""The kinds of case table: what each is for, and how an administrator changes one."""
