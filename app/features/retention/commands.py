"""Commands about destroying: what would go, and carrying out what was agreed; numbers only."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.features.retention import execution, queries

retention = AppGroup("retention", help="What is past its term: plan, run.")
GROUPS = (retention,)


@retention.command("plan")
def plan() -> None:
    """Say per table what is past its term and what is held; nothing is changed."""
    for one in queries.plan():
        counted = ", ".join(f"{number} {what}" for what, number in one.due.items()) or "nothing"
        click.echo(f"{one.table}: {counted} past the term; {one.held} cases held.")
        if one.waiting:
            click.echo(f"  {one.waiting} prepared, waiting for a second person.")


@retention.command("run")
def run() -> None:
    """Carry out what two people agreed on; what waits for the second person stays."""
    found = queries.confirmed()
    for run_id in found:
        execution.execute(run_id)
    click.echo(f"{len(found)} carried out." if found else "Nothing was confirmed.")
