"""Commands that check, seal and shorten the access log; they never show what a row says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import ProgrammingError

from app.access.logbook import dropping, seals
from app.access.logbook.check import Checked, check_log, moment
from app.infra import seal_files
from app.infra.db import snapshot, transaction
from app.infra.seal_files import SealFile, SealFileError
from config import Settings

BROKEN: Final = 1

audit = AppGroup("audit", help="The access log: check, seal, drop after its term.")
GROUPS = (audit,)


@audit.command("verify")
@click.option(
    "--seals",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with seals that were kept outside this machine.",
)
def verify(*, seals: Path | None) -> None:
    """Check every row, the chain and the seals; name the first broken row.

    Ends with 0 when the log is whole, with 1 when it is not, with 2 when it cannot be checked.
    """
    outside = _outside(seals)
    with snapshot() as session:
        checked = check_log(session, outside)
    if checked.fault is not None:
        row = f"Row {checked.fault.row_id}: " if checked.fault.row_id else ""
        click.echo(f"BROKEN. {row}{checked.fault.what}.")
        click.echo(f"Before it {checked.rows} rows are in order.")
        raise SystemExit(BROKEN)
    _tell(checked, outside)


@audit.command("seal")
def seal_now() -> None:
    """Seal the rows since the last seal now; the worker does so every hour."""
    settings: Settings = current_app.config["SETTINGS"]
    try:
        number = seals.seal_log(settings.seal_folder, least_apart=timedelta(0))
    except seals.RowsMissingError as error:
        raise click.ClickException(f"not sealed: {error}; run audit verify") from None
    except OSError as error:
        raise click.ClickException(f"the file could not be written: {error.strerror}") from None
    if number is None:
        click.echo("Nothing to seal: no row was written since the last seal.")
        return
    click.echo(f"Seal {number} stands in {settings.seal_folder}.")


@audit.command("prune")
@click.option(
    "--before",
    type=click.DateTime(["%Y-%m-%d"]),
    required=True,
    help="Drop what was sealed before this day, YYYY-MM-DD; at least five years ago.",
)
@click.option("--yes", is_flag=True, help="Really do it; without it, only say what would go.")
def prune(*, before: datetime, yes: bool) -> None:
    """Drop whole sealed periods after their term; seals and roots stay.

    On PostgreSQL this needs the address of the owner of the tables, as a migration does.
    """
    with snapshot() as session:
        if check_log(session).fault is not None:
            raise click.ClickException("the log is not whole: run audit verify first")
    try:
        with transaction() as session:
            what = dropping.droppable(session, before=before.replace(tzinfo=UTC))
            if what is None:
                click.echo("Nothing to drop.")
                return
            if yes:
                dropping.drop(session, what)
    except dropping.TooYoungError:
        years = dropping.YEARS_KEPT
        raise click.ClickException(f"the log is kept for at least {years} years") from None
    except ProgrammingError:
        raise click.ClickException("only the owner of the tables may drop rows") from None
    done = "Dropped" if yes else "Would drop"
    click.echo(f"{done} rows {what.first_id} to {what.last_id}; seals: {len(what.seals)}.")
    if not yes:
        click.echo("Nothing was changed; add --yes to do it.")


def _outside(folder: Path | None) -> tuple[SealFile, ...]:
    if folder is None:
        return ()
    try:
        found = tuple(seal_files.read_all(folder))
    except SealFileError as error:
        raise click.UsageError(str(error)) from None
    if not found:
        raise click.UsageError("there is no seal in this folder")
    return found


def _tell(checked: Checked, outside: tuple[SealFile, ...]) -> None:
    click.echo(f"The access log is whole: rows {checked.first_id} to {checked.last_id}.")
    if checked.dropped:
        click.echo(f"Rows 1 to {checked.dropped} were dropped after their term; their seals hold.")
    since = checked.last_id - checked.sealed_until
    click.echo(f"Seals: {checked.seals}, up to row {checked.sealed_until}. Rows since: {since}.")
    if checked.outside is None:
        click.echo(
            "No outside seals were given (--seals): whether an older copy of the whole database "
            "was put back is not known."
        )
        return
    body = checked.outside.body
    click.echo(
        f"Outside seals: {len(outside)}, all fit; the last is number {body.number} of "
        f"{moment(body.sealed_at)}."
    )
    click.echo(
        f"An older copy put back is excluded up to row {body.last_id}; rows after it rest on the "
        "chain alone."
    )
