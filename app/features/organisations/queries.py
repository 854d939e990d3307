"""What an administrator reads about organisations; nothing of any case."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select

from app.access import Actor, Permission, load_managed
from app.domain.kinds import AccountState, OrganisationKind
from app.domain.paging import Paging, page_of
from app.infra.db import reading
from app.models import Organisation, Person

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """One line of the list; ``people`` counts the accounts in use."""

    organisation_id: uuid.UUID
    code: str
    name: str
    kind: OrganisationKind
    people: int
    has_ended: bool


@dataclass(frozen=True, slots=True)
class OrganisationList:
    """One page of the list."""

    rows: tuple[OrganisationRow, ...]
    paging: Paging


@dataclass(frozen=True, slots=True)
class OrganisationEdit:
    """What the form starts with."""

    organisation_id: uuid.UUID
    name: str
    code: str
    kind: str
    mail_domains: str
    has_ended: bool
    version: int


def list_organisations(*, words: str, kind: str, asked_page: str | None) -> OrganisationList:
    """Organisations by name; ``words`` is looked for in name and code."""
    conditions = _conditions(words, kind)
    with reading() as session:
        found = session.scalar(select(func.count(Organisation.id)).where(*conditions)) or 0
        paging = page_of(found, asked_page, size=PAGE_SIZE)
        people = (
            select(func.count(Person.id))
            .where(
                Person.organisation_id == Organisation.id,
                Person.state.in_((AccountState.ACTIVE, AccountState.INVITED)),
            )
            .scalar_subquery()
        )
        rows = session.execute(
            select(Organisation, people)
            .where(*conditions)
            .order_by(Organisation.name)
            .limit(paging.size)
            .offset(paging.offset)
        ).all()
        return OrganisationList(
            tuple(
                OrganisationRow(o.id, o.code, o.name, o.kind, count, o.ended_at is not None)
                for o, count in rows
            ),
            paging,
        )


def _conditions(words: str, kind: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if words:
        conditions.append(
            or_(
                Organisation.name.icontains(words, autoescape=True),
                Organisation.code.icontains(words, autoescape=True),
            )
        )
    if kind in set(OrganisationKind):
        conditions.append(Organisation.kind == OrganisationKind(kind))
    return conditions


def organisation_edit(actor: Actor, organisation_id: uuid.UUID) -> OrganisationEdit:
    """One organisation as the form shows it. NotVisible."""
    with reading() as session:
        found: Organisation = load_managed(
            session, actor, Organisation, organisation_id, Permission.ORGANISATION_MANAGE
        )
        return OrganisationEdit(
            found.id,
            found.name,
            found.code,
            found.kind.value,
            found.mail_domains,
            found.ended_at is not None,
            found.version,
        )
