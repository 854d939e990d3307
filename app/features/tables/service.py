"""Setting up case tables: names, windows and host; never anything of a case.

The host, whose supervisor reads the table's log, is appointed by two people; with one exception: a
table without a chair so far, while nobody in the house could be the second person (no privacy
officer).
"""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, Permission, audit, load_managed
from app.access.administration import changes, ground_rules
from app.access.administration.changes import Wanted
from app.access.administration.kinds_in_force import all_in_force, code_of
from app.access.administration.taken_names import flush_or_refuse, refuse_taken
from app.access.meetings.reservations import follow_table
from app.access.usage import has_cases
from app.domain.errors import Reason, Refusal, StaleEdit
from app.domain.kind_document import KindDocument
from app.domain.kinds import (
    AccountState,
    PowerfulChangeKind,
    RequiredRole,
    TableRoleName,
)
from app.domain.telling_words import betrays
from app.features.tables import beginnings
from app.infra import clock
from app.infra.db import transaction
from app.models import (
    CaseTable,
    Organisation,
    Person,
    TableRole,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableData:
    """A table as typed; windows in working days, minutes per agenda item."""

    name: str
    kind_code: str
    prefix: str
    host_organisation_id: uuid.UUID | None
    place: str
    minutes_per_item: int
    opens_working_days: int
    closes_working_days: int
    has_standing_reservation: bool
    children_first: bool
    calendar_words: str
    confidentiality_nl: str
    confidentiality_en: str
    sections_open_with_item: bool
    correction_working_days: int
    required_roles: tuple[RequiredRole, ...]


def add_table(actor: Actor, data: TableData) -> tuple[uuid.UUID, bool]:
    """Add a table with the sections, standard disclosures and required roles of its kind.

    Says too whether its host waits for a second person. Refusal NAME_TAKEN, WORDS_BETRAY.
    """
    with transaction() as session:
        refuse_taken(session, CaseTable.name, data.name, but=None)
        _refuse_telling(data)
        document = _kind_of(session, data.kind_code)
        table = CaseTable(
            id=uuid.uuid4(),
            has_standing_seats=document.has_standing_seats,
            **_kind_columns(document),
            **_set_up_of(data),
        )
        session.add(table)
        flush_or_refuse(session)
        beginnings.begin(session, actor, table, document)
        record(session, actor, audit.Event.ADD, table.id)
        return table.id, _set_host(session, actor, table, data.host_organisation_id)


def change_table(actor: Actor, table_id: uuid.UUID, data: TableData, *, version: int) -> bool:
    """Change a table; meetings keep their own windows. Refusals as there, CHANGE_PENDING.

    Says whether another host waits for a second person; all else holds at once. StaleEdit.
    """
    with transaction() as session:
        table = load_table(session, actor, table_id)
        if table.version != version:
            raise StaleEdit(f"{table.name} ({table.prefix}), {table.place}", table.version)
        refuse_taken(session, CaseTable.name, data.name, but=table_id)
        _refuse_telling(data)
        reserved, stood = table.has_standing_reservation, _statement_of(table)
        _let_kind_be(session, table, data.kind_code)
        for name, value in _set_up_of(data).items():
            setattr(table, name, value)
        flush_or_refuse(session)
        if table.has_standing_reservation != reserved:
            follow_table(session, table)
        if _statement_of(table) != stood:
            ground_rules.new_version(session, table)
        ground_rules.require(session, table, data.required_roles)
        record(session, actor, audit.Event.CHANGE, table.id)
        return _set_host(session, actor, table, data.host_organisation_id)


def _set_up_of(data: TableData) -> dict[str, Any]:
    """The columns an administrator sets alone."""
    apart = ("host_organisation_id", "required_roles", "kind_code")
    return {name: value for name, value in asdict(data).items() if name not in apart}


def _kind_of(session: Session, code: str) -> KindDocument:
    """The kind as it holds now. VALUE_UNKNOWN."""
    found = all_in_force(session, clock.now()).get(code)
    if found is None:
        raise Refusal(Reason.VALUE_UNKNOWN, "kind")
    return found.document


def _kind_columns(document: KindDocument) -> dict[str, Any]:
    """How a table remembers its kind: by its way of working, and by its own code if it has one."""
    own = document.code if document.code != document.works_as.value else ""
    return {"kind": document.works_as, "kind_code": own}


def _let_kind_be(session: Session, table: CaseTable, code: str) -> None:
    """A table without cases may come to be of another kind; what it lacks is added.

    What was recorded under a kind is read by that kind: later another one would rewrite it.
    """
    if code != code_of(table):
        if has_cases(session, table.id):
            raise Refusal(Reason.KIND_IN_USE, "kind")
        document = _kind_of(session, code)
        for name, value in _kind_columns(document).items():
            setattr(table, name, value)
        beginnings.complete(session, table, document)


def _statement_of(table: CaseTable) -> tuple[str, str]:
    return table.confidentiality_nl, table.confidentiality_en


def _set_host(session: Session, actor: Actor, table: CaseTable, host_id: uuid.UUID | None) -> bool:
    """Ask for another host, or set it while nobody could confirm it; says whether it waits."""
    if table.host_organisation_id == host_id:
        return False
    if host_id is not None and session.get(Organisation, host_id) is None:
        raise Refusal(Reason.VALUE_UNKNOWN, "host")
    if has_no_second(session, table.id):
        table.host_organisation_id = host_id
        return False
    kind = PowerfulChangeKind.CHANGE_HOST
    wanted = Wanted(kind=kind, table_id=table.id, organisation_id=host_id)
    changes.request(session, actor, wanted)
    return True


def load_table(session: Session, actor: Actor, table_id: uuid.UUID) -> CaseTable:
    """The table, locked for change. NotVisible."""
    table: CaseTable = load_managed(session, actor, CaseTable, table_id, Permission.TABLE_MANAGE)
    session.refresh(table, with_for_update=True)
    return table


def record(
    session: Session,
    actor: Actor,
    event: audit.Event,
    table_id: uuid.UUID,
    *,
    kind: str = "case-table",
    object_id: uuid.UUID | None = None,
) -> None:
    """Note one change of a table's set-up."""
    audit.record(
        session,
        actor,
        audit.Entry(
            event=event, object_kind=kind, object_id=object_id or table_id, table_id=table_id
        ),
    )


def has_no_second(session: Session, table_id: uuid.UUID) -> bool:
    """No chair has ever led the table, and there is no privacy officer to confirm anything."""
    chairs = select(TableRole.id).where(
        TableRole.table_id == table_id, TableRole.role == TableRoleName.CHAIR
    )
    officers = select(Person.id).where(
        Person.is_privacy_officer.is_(True), Person.state == AccountState.ACTIVE
    )
    return session.scalar(chairs.limit(1)) is None and session.scalar(officers.limit(1)) is None


def _refuse_telling(data: TableData) -> None:
    if betrays(data.calendar_words, prefix=data.prefix):
        raise Refusal(Reason.WORDS_BETRAY, "calendar_words")
