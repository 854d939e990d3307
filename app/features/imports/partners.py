"""Loads partner organisations with people, roles and covenants; what exists is left as it is.

Chairs and coordinators are asked for as powerful changes: a second person makes them so.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.access import Actor, audit
from app.access.administration.announcements import announce_roles
from app.access.administration.changes import tell_confirmers
from app.domain.errors import NotVisible
from app.domain.imports import PartnerImport, PartnerPerson, PartnerRow, read_partner_rows
from app.domain.kinds import AccountState, PowerfulChangeKind, TableRoleName
from app.domain.local_time import start_of_day
from app.features.imports.preview import (
    KIND_WORDS,
    Does,
    Effect,
    GoodLine,
    Preview,
    tables_by_name,
)
from app.features.imports.uploads import digest_of
from app.infra import clock
from app.infra.db import reading, transaction
from app.infra.sheets import read_sheet
from app.models import CaseTable, Covenant, Organisation, Person, PowerfulChange, TableRole

ASKED = {
    TableRoleName.CHAIR: (PowerfulChangeKind.APPOINT_CHAIR, Effect.ASKS_CHAIR),
    TableRoleName.COORDINATOR: (PowerfulChangeKind.APPOINT_COORDINATOR, Effect.ASKS_COORDINATOR),
}
# Somebody is one of the two at a table.
NAMED = (TableRoleName.REPRESENTATIVE, TableRoleName.DEPUTY)


@dataclass(slots=True)
class _Known:
    """What exists now; grows along while rows are gone through.

    What has ended stays as it is: nobody comes in by a list at an organisation that did, nor with
    an account that did.
    """

    tables: dict[str, CaseTable]
    organisations: dict[str, uuid.UUID]
    names: dict[str, str]
    ended: frozenset[uuid.UUID]
    people: dict[str, tuple[uuid.UUID, uuid.UUID, bool]]
    covenants: set[tuple[uuid.UUID, uuid.UUID]]
    roles: set[tuple[uuid.UUID, uuid.UUID, TableRoleName]]
    added: list[object] = field(default_factory=list)
    entries: list[audit.Entry] = field(default_factory=list)

    def add(self, row: object, kind: str, *, authorises: bool = False) -> None:
        """Plan a row and the log line that goes with it."""
        event = audit.Event.AUTHORISE if authorises else audit.Event.ADD
        self.added.append(row)
        self.entries.append(
            audit.Entry(event=event, object_kind=kind, object_id=row.id)  # type: ignore[attr-defined]  # every row has one
        )


def all_tables(_actor: Actor) -> tuple[str, ...]:
    """The tables a list may name; no case is near."""
    statement = select(CaseTable.name).where(CaseTable.ended_at.is_(None)).order_by(CaseTable.name)
    with reading() as session:
        return tuple(session.scalars(statement))


def preview_partners(actor: Actor, data: bytes) -> Preview:
    """What loading would do; SheetError when the file is no sheet."""
    with reading() as session:
        known = _known(session, actor)
        found = _read(known, data)
    lines = _go_through(known, actor, found.good)
    return Preview(
        digest=digest_of(data),
        good=lines,
        bad=found.bad,
        missing_columns=found.missing_columns,
    )


def load_partners(actor: Actor, data: bytes) -> Preview:
    """Load the good rows in one unit of work; a second time the same file adds nothing."""
    with transaction() as session:
        known = _known(session, actor)
        found = _read(known, data)
        lines = _go_through(known, actor, found.good)
        session.add_all(known.added)
        session.flush()
        _tell(session, actor, known.added)
        audit.record_all(session, actor, known.entries)
    return Preview(digest=digest_of(data), good=lines, bad=found.bad)


def _tell(session: Session, actor: Actor, added: Sequence[object]) -> None:
    """Roles given are announced; appointments asked for wait for somebody, who has to know."""
    announce_roles(session, actor, [row for row in added if isinstance(row, TableRole)])
    tell_confirmers(session, [row for row in added if isinstance(row, PowerfulChange)])


def _known(session: Session, actor: Actor) -> _Known:
    if not actor.is_administrator:
        raise NotVisible
    tables = session.scalars(select(CaseTable).where(CaseTable.ended_at.is_(None))).all()
    organisations = session.execute(
        select(Organisation.id, Organisation.code, Organisation.name, Organisation.ended_at)
    ).all()
    people = session.execute(
        select(
            func.lower(Person.email),
            Person.id,
            Person.organisation_id,
            or_(Person.is_administrator, Person.state == AccountState.LEFT),
        )
    ).all()
    asked = session.execute(
        select(PowerfulChange.subject_id, PowerfulChange.table_id, PowerfulChange.kind)
    ).all()
    roles = session.execute(select(TableRole.person_id, TableRole.table_id, TableRole.role)).all()
    role_of = {kind: role for role, (kind, _) in ASKED.items()}
    return _Known(
        tables=tables_by_name(tables, KIND_WORDS),
        organisations={row.code.casefold(): row.id for row in organisations},
        names={row.code: row.name for row in organisations},
        ended=frozenset(row.id for row in organisations if row.ended_at is not None),
        people={email: (person_id, of, gets_none) for email, person_id, of, gets_none in people},
        covenants={
            (row.organisation_id, row.table_id)
            for row in session.execute(select(Covenant.organisation_id, Covenant.table_id))
        },
        roles={(person_id, table_id, role) for person_id, table_id, role in roles}
        | {
            (subject, table_id, role_of[kind])
            for subject, table_id, kind in asked
            if kind in role_of and subject and table_id
        },
    )


def _read(known: _Known, data: bytes) -> PartnerImport:
    return read_partner_rows(
        read_sheet(data),
        today=clock.today(),
        known_organisations=known.names,
        known_tables=list(known.tables),
    )


def _go_through(known: _Known, actor: Actor, rows: Sequence[PartnerRow]) -> tuple[GoodLine, ...]:
    return tuple(
        GoodLine(
            row.number,
            row.person.name if row.person else row.organisation_name,
            tuple(_plan(known, actor, row)),
            row.warnings,
        )
        for row in rows
    )


def _plan(known: _Known, actor: Actor, row: PartnerRow) -> list[Does]:
    effects: list[Does] = []
    organisation_id = _organisation(known, row, effects)
    if organisation_id in known.ended:
        return effects
    tables = {known.tables[name].id: known.tables[name] for name in row.tables}.values()
    for table in tables:
        _covenant(known, row, organisation_id, table, effects)
    if row.person is not None:
        person_id = _person(known, row.person, organisation_id, effects)
        for table in tables:
            if person_id and row.person.role:
                _role(
                    known,
                    actor,
                    person_id=person_id,
                    table=table,
                    role=row.person.role,
                    effects=effects,
                )
    return effects


def _organisation(known: _Known, row: PartnerRow, effects: list[Does]) -> uuid.UUID:
    code = row.organisation_code.casefold()
    if code not in known.organisations:
        made = Organisation(
            id=uuid.uuid4(),
            code=row.organisation_code,
            name=row.organisation_name,
            kind=row.organisation_kind,
        )
        known.organisations[code] = made.id
        known.add(made, "organisation")
        effects.append(Does(Effect.ADDS_ORGANISATION))
    return known.organisations[code]


def _covenant(
    known: _Known, row: PartnerRow, organisation_id: uuid.UUID, table: CaseTable,
    effects: list[Does],
) -> None:  # fmt: skip
    """A period that is there already is the administrator's to change, not a list's."""
    if row.covenant_from is None or (organisation_id, table.id) in known.covenants:
        return
    made = Covenant(
        id=uuid.uuid4(),
        organisation_id=organisation_id,
        table_id=table.id,
        from_at=start_of_day(row.covenant_from),
        until_at=_after(row.covenant_until),
    )
    known.covenants.add((organisation_id, table.id))
    known.add(made, "covenant", authorises=True)
    effects.append(Does(Effect.ADDS_COVENANT, table.name))


def _after(last_day: date | None) -> datetime | None:
    return start_of_day(last_day + timedelta(days=1)) if last_day else None


def _person(
    known: _Known, given: PartnerPerson, organisation_id: uuid.UUID, effects: list[Does]
) -> uuid.UUID | None:
    """The person by address; None when that account is elsewhere, ended or an administrator's."""
    found = known.people.get(given.email)
    if found is not None:
        person_id, of, gets_none = found
        return person_id if of == organisation_id and not gets_none else None
    made = Person(
        id=uuid.uuid4(),
        organisation_id=organisation_id,
        name=given.name,
        function=given.function,
        email=given.email,
        phone=given.phone,
        state=AccountState.INVITED,
    )
    known.people[given.email] = (made.id, organisation_id, False)
    known.add(made, "person")
    effects.append(Does(Effect.ADDS_PERSON))
    return made.id


def _role(
    known: _Known,
    actor: Actor,
    *,
    person_id: uuid.UUID,
    table: CaseTable,
    role: TableRoleName,
    effects: list[Does],
) -> None:
    same = NAMED if role in NAMED else (role,)
    if any((person_id, table.id, one) in known.roles for one in same):
        return
    known.roles.add((person_id, table.id, role))
    now = clock.now()
    if role in ASKED:
        kind, effect = ASKED[role]
        change = PowerfulChange(
            id=uuid.uuid4(),
            kind=kind,
            subject_id=person_id,
            table_id=table.id,
            requested_by_id=actor.person_id,
            requested_at=now,
        )
        known.add(change, "powerful-change", authorises=True)
        effects.append(Does(effect, table.name))
        return
    made = TableRole(
        id=uuid.uuid4(), person_id=person_id, table_id=table.id, role=role, from_at=now
    )
    known.add(made, "table-role", authorises=True)
    effects.append(Does(Effect.ADDS_ROLE, table.name))
