"""Commands about destroying: what would go (in steps of numbers), doing what was agreed."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.domain.small_counts import STEP
from app.features.retention import execution, planning, queries

retention = AppGroup("retention", help="What is past its term: plan, run.")
GROUPS = (retention,)


@retention.command("plan")
def plan() -> None:
    """Say per table what is past its term and what is held; nothing is changed."""
    few = f"fewer than {STEP}"
    for one in planning.plan():
        counted = ", ".join(f"at least {number} {what}" for what, number in one.due.items()) or few
        held = f"at least {one.held}" if one.held else few
        click.echo(f"{one.table}: {counted} past the term; {held} cases held.")
        if one.is_waiting:
            click.echo("  Something waits for a second person.")


@retention.command("run")
def run() -> None:
    """Carry out what two people agreed on; what waits for the second person stays."""
    found = queries.confirmed()
    for run_id in found:
        execution.execute(run_id)
    click.echo(f"{len(found)} carried out." if found else "Nothing was confirmed.")
