"""Copies of actions to take along: asked for with a purpose, made by the worker, gone in a day."""
