"""What the pages about minutes show: frozen, opened texts of one recipient, or counts for staff."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_
from sqlalchemy.orm import Session

from app import access
from app.access import Actor, Permission, scopes
from app.access.case_life import family
from app.access.conditions import is_held
from app.access.records import extract_use
from app.access.records.extract_use import Use
from app.access.records.notes import staff_notes
from app.domain.adoption import Readiness
from app.domain.minutes_text import FamilyLine
from app.features.minutes import moved, progress
from app.features.minutes.moved import KeptDecision
from app.features.minutes.progress import CorrectionLine, ItemProgress
from app.features.minutes.sources import Recalled, SourceSaid, recalled, sources_said
from app.infra import clock
from app.infra.db import transaction
from app.models import (
    Action,
    AgendaItem,
    CaseTable,
    Decision,
    DecisionAddressee,
    Meeting,
    Note,
    NoteReader,
    Organisation,
    Person,
    Seat,
    SeatHold,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Somebody with seats at the meeting: what comes in the extract and how much does not.

    ``is_checked`` once staff looked at it as it reads; ``use`` where a version was fixed.
    """

    seat_id: uuid.UUID
    organisation: str
    name: str
    items: int
    decisions: int
    actions: int
    withheld: int
    is_checked: bool
    use: Use | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesPage:
    """The minutes of a meeting as staff look at them before adopting."""

    meeting_id: uuid.UUID
    table_id: uuid.UUID
    table_name: str
    starts_at: datetime
    closed_at: datetime | None
    adopted_at: datetime | None
    corrections_until_at: datetime | None
    items: tuple[ItemProgress, ...]
    corrections: tuple[CorrectionLine, ...]
    recipients: tuple[Recipient, ...]
    empty_seats: int
    of_sources: tuple[SourceSaid, ...]
    recalled: tuple[Recalled, ...]
    kept: tuple[KeptDecision, ...]
    family: dict[uuid.UUID, tuple[FamilyLine, ...]]

    @property
    def corrections_last_at(self) -> datetime | None:
        """The last moment of the period, which ends at a midnight: it lies on the last day."""
        until = self.corrections_until_at
        return until - timedelta(microseconds=1) if until else None

    @property
    def checked(self) -> int:
        """How many recipients' parts staff looked at."""
        return sum(one.is_checked for one in self.recipients)

    @property
    def may_adopt(self) -> bool:
        """Whether anything may be adopted now."""
        ready = any(one.readiness is Readiness.READY for one in self.items)
        is_open = self.closed_at is not None and self.adopted_at is None
        return is_open and (ready or not self.items)


def overview(actor: Actor, meeting_id: uuid.UUID) -> MinutesPage:
    """Who gets what of a meeting, and what was decided about a case that left.

    No text is opened but that of a case that left: nothing else of it is kept.
    """
    now = clock.now()
    with transaction() as session:
        meeting = access.load_meeting(session, actor, meeting_id, Permission.MEETING_CLOSE)
        table_name = session.get_one(CaseTable, meeting.table_id).name
        seats = session.execute(
            scopes.staff_seats(actor, now=now)
            .join(Organisation, Organisation.id == Seat.organisation_id)
            .outerjoin(SeatHold, and_(SeatHold.seat_id == Seat.id, is_held(now)))
            .outerjoin(Person, Person.id == SeatHold.person_id)
            .with_only_columns(
                Seat.id,
                Seat.item_id,
                Seat.organisation_id,
                Organisation.name.label("organisation"),
                Person.id.label("person_id"),
                Person.name.label("person"),
            )
            .where(Meeting.id == meeting_id, Seat.is_proposed.is_(False))
            .order_by(Organisation.name, Person.name, AgendaItem.starts_at)
        ).all()
        tally = _tally(session, actor, meeting_id, now)
        of_sources = sources_said(session, actor, meeting_id, now=now)
        taken_back = recalled(session, actor, meeting_id, now=now)
        kept = moved.read_kept(session, actor, meeting, now=now)
        items = progress.items(session, actor, meeting, now=now)
        corrections = progress.said(session, actor, meeting_id, now=now)
        used, checked = extract_use.seen_at(session, meeting)
        took_part = family.counted(session, [one.item_id for one in items])
    held: dict[uuid.UUID, list[Any]] = defaultdict(list)
    for row in seats:
        if row.person_id:
            held[row.person_id].append(row)
    return MinutesPage(
        meeting_id=meeting.id,
        table_id=meeting.table_id,
        table_name=table_name,
        starts_at=meeting.starts_at,
        closed_at=meeting.closed_at,
        adopted_at=meeting.adopted_at,
        corrections_until_at=meeting.corrections_until_at,
        items=items,
        corrections=corrections,
        recipients=tuple(
            _recipient(rows, tally, is_checked=who in checked, use=used.get(who))
            for who, rows in held.items()
        ),
        empty_seats=sum(row.person_id is None for row in seats),
        of_sources=of_sources,
        recalled=taken_back,
        kept=moved.opened(kept),
        family=took_part,
    )


@dataclass(frozen=True, slots=True)
class _Tally:
    """Decisions and notes per item and per seat, actions per item and organisation."""

    decisions_at: dict[uuid.UUID, set[uuid.UUID]]
    decisions_of: dict[uuid.UUID, set[uuid.UUID]]
    notes_at: dict[uuid.UUID, set[uuid.UUID]]
    notes_of: dict[uuid.UUID, set[uuid.UUID]]
    actions: Counter[tuple[uuid.UUID, uuid.UUID]]

    def notes_kept_from(self, rows: list[Any]) -> int:
        """How many notes of these items are for none of these seats."""
        there = set().union(*(self.notes_at.get(row.item_id, set()) for row in rows))
        return len(there.difference(*(self.notes_of.get(row.id, set()) for row in rows)))


def _tally(session: Session, actor: Actor, meeting_id: uuid.UUID, now: datetime) -> _Tally:
    addressed = (
        scopes.staff_decisions(actor, now=now)
        .outerjoin(DecisionAddressee, DecisionAddressee.decision_id == Decision.id)
        .with_only_columns(Decision.id, Decision.item_id, DecisionAddressee.seat_id)
        .where(Meeting.id == meeting_id)
    )
    written = (
        staff_notes(actor, now=now)
        .outerjoin(NoteReader, NoteReader.note_id == Note.id)
        .with_only_columns(Note.id, Note.item_id, NoteReader.seat_id)
        .where(Meeting.id == meeting_id)
    )
    recorded = (
        scopes.staff_actions(actor, now=now)
        .join(AgendaItem, AgendaItem.id == Action.item_id)
        .with_only_columns(Action.item_id, Action.organisation_id)
        .where(AgendaItem.meeting_id == meeting_id, Action.taken_back_at.is_(None))
    )
    actions = Counter((row.item_id, row.organisation_id) for row in session.execute(recorded))
    return _Tally(*_sorted(session, addressed), *_sorted(session, written), actions)


def _sorted(
    session: Session, statement: Select[*tuple[Any, ...]]
) -> tuple[dict[uuid.UUID, set[uuid.UUID]], dict[uuid.UUID, set[uuid.UUID]]]:
    """The same things per item, and per seat they are for."""
    at_item: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    of_seat: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for key, item_id, seat_id in session.execute(statement):
        at_item[item_id].add(key)
        of_seat[seat_id].add(key)
    return at_item, of_seat


def _recipient(rows: list[Any], tally: _Tally, *, is_checked: bool, use: Use | None) -> Recipient:
    item_ids = {row.item_id for row in rows}
    organisation_id = rows[0].organisation_id
    own = set().union(*(tally.decisions_of.get(row.id, set()) for row in rows))
    there = set().union(*(tally.decisions_at.get(item_id, set()) for item_id in item_ids))
    actions = sum(tally.actions[item_id, organisation_id] for item_id in item_ids)
    everyone = sum(count for (at, _who), count in tally.actions.items() if at in item_ids)
    return Recipient(
        seat_id=rows[0].id,
        organisation=rows[0].organisation,
        name=rows[0].person,
        items=len(item_ids),
        decisions=len(own),
        actions=actions,
        withheld=len(there - own) + everyone - actions + tally.notes_kept_from(rows),
        is_checked=is_checked,
        use=use,
    )
