"""Commands for who runs an installation: look at every part of it, and note a backup."""

from __future__ import annotations

import click
from flask import current_app

from app.features.health import doctor as examination
from app.features.health.examined import State
from app.infra import signs_of_life
from app.infra.signs_of_life import Sign
from config import Settings

COLOURS = {State.FINE: "green", State.WATCH: "yellow", State.WRONG: "red"}


@click.command("doctor")
def doctor() -> None:
    """Look at settings, database, keys, mail, worker, clock and disk; says what to do.

    Changes nothing. Ends with 1 when something is wrong, with 0 when there is at most something to
    look at soon.
    """
    settings: Settings = current_app.config["SETTINGS"]
    is_wrong = False
    for one in examination.examine(settings):
        is_wrong = is_wrong or one.state is State.WRONG
        state = click.style(f"{one.state.value:<5}", fg=COLOURS[one.state])
        click.echo(f"{state}  {one.part:<18}  {one.says}")
        if one.todo:
            click.echo(f"{'':27}-> {one.todo}")
    if is_wrong:
        raise SystemExit(1)


@click.command("backup-made")
@click.argument("what", type=click.Choice([Sign.DATA_BACKUP.value, Sign.KEY_BACKUP.value]))
def backup_made(what: str) -> None:
    """Note that a backup was made just now: last line of the script that makes it."""
    signs_of_life.give(Sign(what))
    click.echo("Noted.")


GROUPS = (doctor, backup_made)
