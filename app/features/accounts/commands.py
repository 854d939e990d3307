"""Commands for the first administrator; they print a one-time link and never a password."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.access import audit
from app.access.conditions import is_live
from app.domain.kinds import AccountState, OrganisationKind, TableRoleName
from app.domain.text import clean_line
from app.features.accounts.links import make_link
from app.features.accounts.sign_in import normalised_email
from app.infra import clock
from app.infra.db import transaction
from app.infra.letters import address_of
from app.models import Organisation, Person, TableRole

people = AppGroup("people", help="People and their one-time links.")
GROUPS = (people,)


@people.command("add")
@click.option("--name", required=True, help="Name as colleagues write it.")
@click.option("--email", required=True, help="Address to sign in with.")
@click.option("--organisation-code", required=True, help="Code of the organisation, such as GEM.")
@click.option("--organisation-name", help="Makes the organisation when there is none of this code.")
@click.option(
    "--organisation-kind",
    type=click.Choice([kind.value for kind in OrganisationKind]),
    default=OrganisationKind.OTHER.value,
    show_default=True,
)
@click.option("--function", default="", help="What the person does there.")
@click.option("--administrator", is_flag=True, help="Functional administrator: sees no case.")
def add_person(
    *,
    name: str,
    email: str,
    organisation_code: str,
    organisation_name: str | None,
    organisation_kind: str,
    function: str,
    administrator: bool,
) -> None:
    """Add a person and print the link to choose a password with (7 days, once)."""
    with transaction() as session:
        if _by_email(session, email) is not None:
            raise click.ClickException("there is already an account with this e-mail address")
        organisation = _organisation(
            session, organisation_code, organisation_name, OrganisationKind(organisation_kind)
        )
        person = Person(
            organisation_id=organisation.id,
            name=clean_line(name, limit=120),
            function=clean_line(function, limit=120),
            email=normalised_email(email),
            state=AccountState.INVITED,
            is_administrator=administrator,
        )
        session.add(person)
        session.flush()
        token = make_link(session, person.id)
        audit.record(
            session,
            None,
            audit.Entry(event=audit.Event.ADD, object_kind="person", object_id=person.id),
        )
    click.echo(address_of(f"/welcome/{token}"))


@people.command("link")
@click.option("--email", required=True, help="Address of an account that is not blocked.")
def new_link(*, email: str) -> None:
    """Print a new link to choose a password with; the second factor stays as it is."""
    with transaction() as session:
        person = _by_email(session, email)
        if person is None or person.state not in (AccountState.INVITED, AccountState.ACTIVE):
            raise click.ClickException("there is no account in use with this e-mail address")
        token = make_link(session, person.id)
        audit.record(
            session,
            None,
            audit.Entry(event=audit.Event.ADD, object_kind="one-time-link", object_id=person.id),
        )
    click.echo(address_of(f"/welcome/{token}"))


@people.command("officer")
@click.option("--email", required=True, help="Address of an account in use.")
def appoint_officer(*, email: str) -> None:
    """Appoint a privacy officer where nobody is left who could confirm it in the browser."""
    with transaction() as session:
        person = _by_email(session, email)
        if person is None or person.state not in (AccountState.INVITED, AccountState.ACTIVE):
            raise click.ClickException("there is no account in use with this e-mail address")
        if person.is_administrator:
            raise click.ClickException("an administrator cannot be privacy officer")
        if person.is_supervisor:
            raise click.ClickException("a supervisor (FG) cannot be privacy officer")
        if _has_confirmer(session):
            raise click.ClickException("ask in the browser: there is somebody who can confirm it")
        person.is_privacy_officer = True
        audit.record(
            session,
            None,
            audit.Entry(
                event=audit.Event.AUTHORISE, object_kind="privacy-officer", object_id=person.id
            ),
        )


def _has_confirmer(session: Session) -> bool:
    """Whether an active chair or privacy officer sits anywhere."""
    chairs = select(TableRole.person_id).where(
        TableRole.role == TableRoleName.CHAIR,
        is_live(TableRole.from_at, TableRole.until_at, clock.now()),
    )
    found = select(Person.id).where(
        Person.state == AccountState.ACTIVE,
        Person.is_administrator.is_(False),
        or_(Person.is_privacy_officer.is_(True), Person.id.in_(chairs)),
    )
    return session.scalar(found.limit(1)) is not None


def _by_email(session: Session, email: str) -> Person | None:
    return session.scalars(
        select(Person).where(Person.email == normalised_email(email))
    ).one_or_none()


def _organisation(
    session: Session, code: str, name: str | None, kind: OrganisationKind
) -> Organisation:
    found = session.scalars(select(Organisation).where(Organisation.code == code)).one_or_none()
    if found is not None:
        return found
    if name is None:
        raise click.ClickException(
            f"there is no organisation {code}: give --organisation-name to make it"
        )
    organisation = Organisation(
        code=clean_line(code, limit=12), name=clean_line(name, limit=120), kind=kind
    )
    session.add(organisation)
    session.flush()
    return organisation
