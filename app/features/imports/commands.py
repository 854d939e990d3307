"""``flask --app wsgi import partners|cases FILE``: the preview, and the load with ``--yes``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, load_actor
from app.domain.errors import NotVisible
from app.domain.imports import Finding
from app.domain.kinds import AccountState, TableRoleName
from app.features.imports.cases import load_cases, preview_cases
from app.features.imports.partners import load_partners, preview_partners
from app.features.imports.preview import Preview
from app.infra import clock, wall
from app.infra.db import reading
from app.infra.sheets import SheetError
from app.models import Person, TableRole

Act = Callable[[Actor, bytes], Preview]

FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
YES = click.option("--yes", is_flag=True, help="Load the good rows; without it nothing changes.")
BY = click.option("--by", "address", help="E-mail address of the account in whose name this is.")


@click.group("import")
def import_group() -> None:
    """Read in a CSV or XLSX file; a preview unless --yes is given."""


@import_group.command("partners")
@FILE
@YES
@BY
def partners(file: Path, *, yes: bool, address: str | None) -> None:
    """Organisations, people, roles and covenants, in the name of an administrator."""
    with reading() as session:
        actor = _actor(session, address, administrator=True)
    _run(actor, file, load_partners if yes else preview_partners, loaded=yes)


@import_group.command("cases")
@FILE
@YES
@BY
def cases(file: Path, *, yes: bool, address: str | None) -> None:
    """Cases of the tables a chair or coordinator serves."""
    with reading() as session:
        actor = _actor(session, address, administrator=False)
    _run(actor, file, load_cases if yes else preview_cases, loaded=yes)


def _actor(session: Session, address: str | None, *, administrator: bool) -> Actor:
    """The account named, or the only one that could be meant."""
    statement = select(Person.id).where(Person.state == AccountState.ACTIVE)
    if address:
        statement = statement.where(Person.email == address.strip().lower())
    elif administrator:
        statement = statement.where(Person.is_administrator)
    else:
        coordinates = select(TableRole.person_id).where(
            TableRole.role == TableRoleName.COORDINATOR, TableRole.until_at.is_(None)
        )
        statement = statement.where(Person.id.in_(coordinates))
    found = session.scalars(statement.limit(2)).all()
    if len(found) != 1:
        raise click.ClickException("Say in whose name: --by ADDRESS of an active account.")
    actor = load_actor(session, found[0], now=clock.now())
    if actor.is_administrator is not administrator or not (administrator or actor.is_staff):
        raise click.ClickException("This account may not import such a list.")
    return actor


def _run(actor: Actor, file: Path, act: Act, *, loaded: bool) -> None:
    try:
        with wall.acting_as(actor.person_id):
            page = act(actor, file.read_bytes())
    except SheetError as error:
        raise click.ClickException(f"{file.name}: {_plain(error.reason.value)}") from None
    except NotVisible:
        raise click.ClickException("This account may not import such a list.") from None
    if page.missing_columns:
        raise click.ClickException(f"missing columns: {', '.join(page.missing_columns)}")
    for row in page.bad:
        for finding in row.findings:
            click.echo(f"row {row.number} ({row.label}): {_said(finding)}")
    for line in page.good:
        for finding in line.warnings:
            click.echo(f"row {line.number} ({line.label}), warning: {_said(finding)}")
    done = "loaded" if loaded else "to load"
    click.echo(f"{len(page.new)} {done}, {page.known} known already, {len(page.bad)} refused")
    if not loaded:
        click.echo("Nothing was changed. Add --yes to load the good rows.")


def _said(finding: Finding) -> str:
    values = ", ".join(value for value in finding.params.values() if value)
    column = f"{finding.column}: " if finding.column else ""
    return f"{column}{_plain(finding.reason.value)}" + (f" ({values})" if values else "")


def _plain(code: str) -> str:
    return code.replace("-", " ")


GROUPS = (import_group,)
