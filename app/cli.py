"""The command line of the product: ``flask --app wsgi …``; every feature may bring its commands."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

WITH_COMMANDS: tuple[str, ...] = ("demo",)


def install(app: Flask) -> None:
    """Register the command groups of the features."""
    for name in WITH_COMMANDS:
        for group in import_module(f"app.features.{name}.commands").GROUPS:
            app.cli.add_command(group)
