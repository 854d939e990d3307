"""Writes down every setting that changes, in the transaction that changes it, whoever changes it.

It listens to the session itself, so no service can forget it; what it watches is listed here, and
no service changes these rows past the session. Of a secret it says only that it changed.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any, Final

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from app.infra import clock, wall
from app.models import (
    CaseTable,
    ClosurePeriod,
    ConfidentialityText,
    Covenant,
    FollowUp,
    IdentityProvider,
    KindVersion,
    Organisation,
    Room,
    SectionType,
    SettingChange,
    StandardDisclosure,
    StandingPartner,
    TableQuorum,
    TableTerm,
)


@dataclass(frozen=True, slots=True)
class Watched:
    """Which columns of a model say what a row is of, and which of the others are no setting.

    ``named`` is told where a row is made or taken away; ``since`` says from when on it holds.
    """

    table: str = ""
    organisation: str = ""
    named: str = ""
    since: str = ""
    but: frozenset[str] = field(default_factory=frozenset)


def _but(*names: str) -> frozenset[str]:
    return frozenset(names)


# Left out: keys, what counts versions, and who did it when, which stands in every line.
SETTINGS: Final[Mapping[type[Any], Watched]] = {
    CaseTable: Watched(
        table="id", named="name", but=_but("id", "version", "confidentiality_version")
    ),
    ClosurePeriod: Watched(table="table_id", named="name", but=_but("id")),
    ConfidentialityText: Watched(
        table="table_id", named="version", since="from_at", but=_but("text_nl", "text_en")
    ),
    Covenant: Watched(
        table="table_id", organisation="organisation_id", since="from_at", but=_but("id")
    ),
    FollowUp: Watched(
        table="table_id", but=_but("changed_by_id", "changed_at", "verifies_from", "version")
    ),
    IdentityProvider: Watched(
        organisation="organisation_id", named="name", but=_but("id", "made_at", "version")
    ),
    KindVersion: Watched(
        named="kind_code",
        since="from_at",
        but=_but("number", "document", "made_by_id", "made_at", "applied_at"),
    ),
    Organisation: Watched(organisation="id", named="name", but=_but("id", "version")),
    Room: Watched(named="name", but=_but("id", "version")),
    SectionType: Watched(table="table_id", named="label_nl", but=_but("id", "code")),
    StandardDisclosure: Watched(
        table="table_id", named="organisation_kind", but=_but("id", "section_type_id")
    ),
    StandingPartner: Watched(table="table_id", organisation="organisation_id"),
    TableQuorum: Watched(table="table_id", named="role", since="from_at", but=_but("id")),
    TableTerm: Watched(
        table="table_id",
        named="subject",
        since="decided_at",
        but=_but("id", "proposed_by_id", "proposed_at", "decided_by_id", "decided_at"),
    ),
}


def fields_of(model: type[Any]) -> tuple[str, ...]:
    """The settings a row of a watched model holds, each a column."""
    of = SETTINGS[model]
    keys = {of.table, of.organisation, *of.but}
    return tuple(one.key for one in inspect(model).column_attrs if one.key not in keys)


@event.listens_for(Session, "before_flush")
def _write_down(session: Session, _context: object, _instances: object) -> None:
    found = [
        *(_made(one) for one in session.new if type(one) in SETTINGS),
        *(line for one in session.dirty if type(one) in SETTINGS for line in _changed(one)),
        *(_taken_away(one) for one in session.deleted if type(one) in SETTINGS),
    ]
    session.add_all(found)


def _made(row: Any) -> SettingChange:  # noqa: ANN401 - one of the watched models
    if "id" in inspect(type(row)).column_attrs and row.id is None:
        row.id = uuid.uuid4()
    named = SETTINGS[type(row)].named
    return _line(row, "", None, _text(getattr(row, named)) if named else "")


def _taken_away(row: Any) -> SettingChange:  # noqa: ANN401 - as above
    named = SETTINGS[type(row)].named
    return _line(row, "", _text(getattr(row, named)) if named else "", None)


def _changed(row: Any) -> Iterator[SettingChange]:  # noqa: ANN401 - as above
    attributes = inspect(row).attrs
    for name in fields_of(type(row)):
        history = attributes[name].history
        if history.has_changes() and history.deleted != history.added:
            before = history.deleted[0] if history.deleted else None
            yield _line(row, name, _text(before), _text(getattr(row, name)))


def _line(
    row: Any,  # noqa: ANN401 - as above
    name: str,
    before: str | None,
    after: str | None,
) -> SettingChange:
    of, now = SETTINGS[type(row)], clock.now()
    key = inspect(type(row)).primary_key
    since = getattr(row, of.since) if of.since and not name else None
    return SettingChange(
        id=uuid.uuid4(),
        subject=type(row).__tablename__,
        subject_key=":".join(str(getattr(row, one.key)) for one in key)[:120],
        field=name,
        before=before,
        after=after,
        table_id=getattr(row, of.table) if of.table else None,
        organisation_id=getattr(row, of.organisation) if of.organisation else None,
        made_by_id=wall.person_acting(),
        made_at=now,
        from_at=since or now,
    )


def _text(value: object) -> str:
    """As it is kept: empty for nothing and for what is sealed."""
    if value is None or isinstance(value, bytes):
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)
