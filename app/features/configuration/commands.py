"""``flask --app wsgi configuration export|import FILE``: the set-up of a region as one file."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import force_locale
from sqlalchemy import select

from app.access import Actor, load_actor
from app.domain.configuration import Configuration, dump
from app.domain.errors import NotVisible, Refusal
from app.domain.kinds import AccountState
from app.features.configuration import queries, service
from app.infra import clock, wall
from app.infra.db import reading
from app.models import Person
from app.web.errors import sentence_of

configuration = AppGroup("configuration", help="The set-up of a region as one file.")
GROUPS = (configuration,)


@configuration.command("export")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
def export(file: Path) -> None:
    """Write kinds, tables, organisations and rooms: no people, no cases, no secrets."""
    made = queries.configuration(None)
    try:
        file.write_text(dump(made), encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{file} could not be written: {error.strerror}") from None
    click.echo(f"{file}: {_summary(made)}.")


@configuration.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", "address", required=True, help="E-mail address of an administrator.")
@click.option("--yes", is_flag=True, help="Load it; without this nothing changes.")
def load(file: Path, *, address: str, yes: bool) -> None:
    """Set an empty region up from such a file; only where no table is yet."""
    actor = _administrator(address)
    try:
        text = file.read_text(encoding="utf-8")
        with wall.acting_as(actor.person_id), force_locale("en"):
            made = service.load(actor, text) if yes else service.read(text)
    except UnicodeDecodeError:
        raise click.ClickException(f"{file} is no text file") from None
    except Refusal as refusal:
        with force_locale("en"):
            raise click.ClickException(str(sentence_of(refusal))) from None
    click.echo(f"{_summary(made)}{'.' if yes else ' would be loaded: add --yes.'}")
    if not yes and not service.may_be_loaded():
        raise click.ClickException("There are tables here already: nothing can be loaded.")


def _summary(made: Configuration) -> str:
    return (
        f"{len(made.tables)} tables, {len(made.kinds)} kinds of its own,"
        f" {len(made.organisations)} organisations, {len(made.rooms)} rooms"
    )


def _administrator(address: str) -> Actor:
    with reading() as session:
        found = session.scalar(
            select(Person.id).where(
                Person.email == address.strip().lower(),
                Person.state == AccountState.ACTIVE,
                Person.is_administrator,
            )
        )
        if found is None:
            raise click.ClickException(f"{address} is no active administrator")
        try:
            return load_actor(session, found, now=clock.now())
        except NotVisible:
            raise click.ClickException(f"{address} is no active administrator") from None
