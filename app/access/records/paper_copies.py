"""Numbered copies on paper and the runs that print them: who may see them, and until when.

What stands on a copy is sealed with the key of its run and goes with it; nothing here opens it.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Label, Row, Select, delete, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.access import checks, scopes
from app.access import conditions as c
from app.access.actor import Actor
from app.access.audit import Event
from app.access.loaders import load_meeting
from app.access.permissions import Permission
from app.domain.errors import NotVisible
from app.domain.kinds import AccountState
from app.infra.crypto import KeyScope, Sealed, store
from app.models import (
    Addendum,
    AgendaItem,
    AuditEvent,
    Covenant,
    Disclosure,
    Exclusion,
    Meeting,
    Organisation,
    PaperCopy,
    Person,
    PrintRun,
    PrintSheet,
    Recusal,
    Seat,
    SeatHold,
    Section,
)

_TAKER = aliased(Person)
Rows = list[Row[*tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class PaperReader:
    """Somebody with seats at a meeting; ``seat_id`` is the first of them."""

    seat_id: uuid.UUID
    organisation: str
    name: str


def readers_at(
    session: Session, actor: Actor, meeting_id: uuid.UUID, *, now: datetime
) -> tuple[PaperReader, ...]:
    """Everybody who holds a seat at a meeting of a table served, once. One statement."""
    rows = session.execute(
        scopes.staff_holds(actor, now=now)
        .join(Organisation, Organisation.id == Seat.organisation_id)
        .join(Person, Person.id == SeatHold.person_id)
        .with_only_columns(Seat.id, Organisation.name, Person.name, Person.id)
        .where(Meeting.id == meeting_id, c.is_held(now), Seat.is_proposed.is_(False))
        .order_by(Organisation.name, Person.name, AgendaItem.starts_at, Seat.id)
    )
    first: dict[uuid.UUID, PaperReader] = {}
    for seat_id, organisation, name, person_id in rows:
        first.setdefault(person_id, PaperReader(seat_id, organisation, name))
    return tuple(first.values())


def copies_at(session: Session, actor: Actor, meeting_id: uuid.UUID, *, now: datetime) -> Rows:
    """The copies of a meeting with organisation, reader and who took one back. One statement.

    A seat that was taken away since keeps its copy here: the paper is still outside.
    """
    checks.note()
    statement = (
        select(
            PaperCopy,
            Organisation.name.label("organisation"),
            Person.name.label("reader"),
            _TAKER.name.label("taker"),
        )
        .join(Seat, Seat.id == PaperCopy.seat_id)
        .join(AgendaItem, AgendaItem.id == Seat.item_id)
        .join(Meeting, Meeting.id == PaperCopy.meeting_id)
        .join(Organisation, Organisation.id == Seat.organisation_id)
        .join(Person, Person.id == PaperCopy.person_id)
        .outerjoin(_TAKER, _TAKER.id == PaperCopy.returned_to_id)
        .where(PaperCopy.meeting_id == meeting_id, *_served(actor, now))
        .order_by(PaperCopy.number)
    )
    return list(session.execute(statement))


def load_copy(
    session: Session, actor: Actor, copy_id: uuid.UUID, *, now: datetime
) -> tuple[PaperCopy, Meeting]:
    """A copy of a meeting of a table served, held until the end of the transaction."""
    checks.note()
    statement = (
        select(PaperCopy, Meeting)
        .join(Seat, Seat.id == PaperCopy.seat_id)
        .join(AgendaItem, AgendaItem.id == Seat.item_id)
        .join(Meeting, Meeting.id == PaperCopy.meeting_id)
        .where(PaperCopy.id == copy_id, *_served(actor, now))
        .with_for_update(of=PaperCopy)
    )
    row = session.execute(statement).one_or_none()
    if row is None:
        raise NotVisible
    return row.PaperCopy, row.Meeting


def _served(actor: Actor, now: datetime) -> tuple[c.Condition, ...]:
    barred = c.is_not_barred(actor, now, case_id=AgendaItem.case_id)
    return c.is_staff_table(actor, Meeting.table_id), barred


def open_copies(session: Session, actor: Actor, meeting_id: uuid.UUID, *, now: datetime) -> int:
    """How many papers of a loaded meeting are outside; an extract is its reader's to keep.

    Those of cases that bar the actor do not count: they would tell who takes part there.
    """
    return session.scalar(_counted(actor, now).where(PaperCopy.meeting_id == meeting_id)) or 0


def outside_column(actor: Actor, *, now: datetime) -> Label[int]:
    """The same of every ``Meeting`` of a list of those of tables served."""
    counted = _counted(actor, now).where(PaperCopy.meeting_id == Meeting.id)
    return counted.correlate(Meeting).scalar_subquery().label("papers_out")


def _counted(actor: Actor, now: datetime) -> Select[int]:
    return (
        select(func.count(PaperCopy.id))
        .join(Seat, Seat.id == PaperCopy.seat_id)
        .join(AgendaItem, AgendaItem.id == Seat.item_id)
        .where(
            PaperCopy.returned_at.is_(None),
            PaperCopy.is_extract.is_(False),
            c.is_not_barred(actor, now, case_id=AgendaItem.case_id),
        )
    )


def next_number(session: Session, meeting: Meeting) -> int:
    """The number of the next copy; the meeting is held, so that no other takes the same."""
    session.refresh(meeting, with_for_update=True)
    last = select(func.max(PaperCopy.number)).where(PaperCopy.meeting_id == meeting.id)
    return (session.scalar(last) or 0) + 1


def hold_run(session: Session, run_id: uuid.UUID) -> PrintRun | None:
    """A run for the worker that makes it, held until the end of the transaction."""
    return session.get(PrintRun, run_id, with_for_update=True)


def load_run(session: Session, actor: Actor, run_id: uuid.UUID, *, now: datetime) -> PrintRun:
    """A run as long as it lasts, for who asked for it and still serves the table."""
    run = session.scalar(
        select(PrintRun).where(
            PrintRun.id == run_id,
            PrintRun.asked_by_id == actor.person_id,
            PrintRun.expires_at > now,
        )
    )
    if run is None:
        checks.note()
        raise NotVisible
    load_meeting(session, actor, run.meeting_id, Permission.PAPER_PRINT)
    return run


def runs_of(
    session: Session, actor: Actor, meeting_id: uuid.UUID, *, now: datetime
) -> list[PrintRun]:
    """The own runs of a loaded meeting that last, the newest first."""
    statement = (
        select(PrintRun)
        .where(
            PrintRun.meeting_id == meeting_id,
            PrintRun.asked_by_id == actor.person_id,
            PrintRun.expires_at > now,
        )
        .order_by(PrintRun.asked_at.desc())
    )
    return list(session.scalars(statement))


def sheets_of(session: Session, run: PrintRun) -> list[Sealed]:
    """What stands on the copies of a run, in the order of their numbers."""
    rows = session.execute(
        select(PrintSheet.id, PrintSheet.words_ct)
        .join(PaperCopy, PaperCopy.id == PrintSheet.copy_id)
        .where(PrintSheet.run_id == run.id)
        .order_by(PaperCopy.number)
    )
    return [Sealed(words, binding_of(sheet_id)) for sheet_id, words in rows]


def document_of(session: Session, run: PrintRun) -> Sealed | None:
    """The finished document of a run, once it was set."""
    found = session.scalar(
        select(PrintSheet).where(PrintSheet.run_id == run.id, PrintSheet.copy_id.is_(None))
    )
    return Sealed(found.words_ct, binding_of(found.id)) if found else None


def binding_of(sheet_id: uuid.UUID) -> str:
    """What the words of a sheet are bound to."""
    return f"print_sheet:{sheet_id}:words"


def is_overtaken(session: Session, run: PrintRun, *, now: datetime) -> bool:
    """Whether anybody's right to read here ended, or words changed, since the run was asked for."""
    since = run.asked_at
    items = select(AgendaItem.id).where(AgendaItem.meeting_id == run.meeting_id)
    cases = select(AgendaItem.case_id).where(AgendaItem.meeting_id == run.meeting_id)
    seats = select(Seat.id).where(Seat.item_id.in_(items))
    readers = (
        select(PaperCopy.person_id)
        .join(PrintSheet, PrintSheet.copy_id == PaperCopy.id)
        .where(PrintSheet.run_id == run.id)
    )
    table = select(Meeting.table_id).where(Meeting.id == run.meeting_id).scalar_subquery()
    ended = or_(
        exists().where(Meeting.id == run.meeting_id, Meeting.cancelled_at.is_not(None)),
        exists().where(AgendaItem.meeting_id == run.meeting_id, AgendaItem.removed_at >= since),
        exists().where(Seat.item_id.in_(items), Seat.removed_at >= since),
        exists().where(
            SeatHold.seat_id.in_(seats), SeatHold.until_at >= since, SeatHold.until_at <= now
        ),
        exists().where(Disclosure.seat_id.in_(seats), Disclosure.withdrawn_at >= since),
        exists().where(
            Disclosure.seat_id.in_(seats), Disclosure.source_until_at.between(since, now)
        ),
        exists().where(Exclusion.case_id.in_(cases), Exclusion.from_at >= since),
        exists().where(Recusal.case_id.in_(cases), Recusal.at >= since),
        exists().where(Person.id.in_(readers), Person.state != AccountState.ACTIVE),
        exists().where(
            Covenant.table_id == table, Covenant.until_at >= since, Covenant.until_at <= now
        ),
    )
    return session.scalar(select(or_(ended, _was_written(cases, items, since)))) is True


def _was_written(
    cases: Select[uuid.UUID | None], items: Select[uuid.UUID], since: datetime
) -> c.Condition:
    """A section, an addition or, as the log has it, the question of a case reads otherwise now."""
    return or_(
        exists().where(Section.case_id.in_(cases), Section.updated_at > since),
        exists().where(Addendum.item_id.in_(items), Addendum.recorded_at > since),
        exists().where(
            AuditEvent.case_id.in_(cases),
            AuditEvent.at > since,
            AuditEvent.event == Event.CHANGE,
            AuditEvent.object_kind == "case",
        ),
    )


def forget_expired(session: Session, *, now: datetime) -> None:
    """Throw away what the runs past their end made; their keys go first, also from any backup."""
    over = select(PrintRun.id).where(PrintRun.expires_at <= now)
    made = select(PrintSheet.run_id).where(PrintSheet.run_id.in_(over)).distinct()
    run_ids = list(session.scalars(made))
    store().destroy_all(KeyScope.of_print_run(one).name for one in run_ids)
    session.execute(
        delete(PrintSheet)
        .where(PrintSheet.run_id.in_(run_ids))
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(PrintRun).where(PrintRun.expires_at <= now))
