"""Grounds that a task gives a person: holding one, giving one, moving a case by one."""
