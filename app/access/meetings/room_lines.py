"""Sentences staff push to the screen in the room, one by one, and take away again.

What is pushed is kept as it was pushed; it goes with the decision or action it came from.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, LoadedItem, Permission, audit, load_item
from app.access import conditions as c
from app.access.meetings.room_people import RoomPeople, people_of
from app.access.meetings.room_view import line_binding
from app.access.messages.hidden_names import HiddenNames, names_at
from app.access.messages.leak_texts import CaseTexts, open_texts, read_texts
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import Ground, RetentionClass
from app.domain.leaks import CaseWords, together, words_of
from app.infra import clock, crypto
from app.infra.crypto import KeyScope
from app.models import (
    AgendaItem,
    Case,
    CaseTable,
    Meeting,
    ProjectedLine,
)


def on_the_table(session: Session, actor: Actor, item_id: uuid.UUID) -> LoadedItem:
    """An item that is being discussed: only its sentences can be pushed."""
    loaded = load_item(session, actor, item_id, Permission.MEETING_CLOSE)
    if loaded.item.opened_at is None or loaded.item.closed_at is not None:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    if loaded.meeting.closed_at is not None or loaded.meeting.cancelled_at is not None:
        raise Refusal(Reason.ALREADY_CLOSED)
    return loaded


def push(
    session: Session,
    actor: Actor,
    at: LoadedItem,
    text: str,
    *,
    decision_id: uuid.UUID | None = None,
    action_id: uuid.UUID | None = None,
) -> None:
    """Put a checked sentence on the screen, instead of an earlier one of the same."""
    if at.case is None:
        raise NotVisible
    _take_away(session, actor, at, _of(session, decision_id, action_id))
    line_id = uuid.uuid4()
    scope = KeyScope.of_case(at.case.id, RetentionClass.DECISIONS)
    session.add(
        ProjectedLine(
            id=line_id,
            meeting_id=at.meeting.id,
            item_id=at.item.id,
            case_id=at.case.id,
            decision_id=decision_id,
            action_id=action_id,
            text_ct=crypto.seal(scope, text, belongs_to=line_binding(line_id)),
            pushed_at=clock.now(),
            pushed_by_id=actor.person_id,
        )
    )
    _record(session, actor, at, line_id, audit.Event.ADD)


def take_away(session: Session, actor: Actor, line_id: uuid.UUID) -> LoadedItem:
    """Take one sentence off the screen; a second time changes nothing. Gives the item."""
    item_id = session.scalar(
        select(ProjectedLine.item_id)
        .join(Meeting, Meeting.id == ProjectedLine.meeting_id)
        .where(
            ProjectedLine.id == line_id,
            c.is_staff_table(actor, Meeting.table_id),
            c.is_not_barred(actor, clock.now(), case_id=ProjectedLine.case_id),
        )
    )
    if item_id is None:
        raise NotVisible
    at = load_item(session, actor, item_id, Permission.MEETING_CLOSE)
    found = select(ProjectedLine).where(
        ProjectedLine.id == line_id, ProjectedLine.taken_away_at.is_(None)
    )
    _take_away(session, actor, at, session.scalars(found.with_for_update()))
    return at


def follow(
    session: Session,
    actor: Actor,
    at: LoadedItem,
    *,
    decision_id: uuid.UUID | None = None,
    action_id: uuid.UUID | None = None,
) -> None:
    """What was changed or taken back leaves the screen, in the transaction that does it."""
    _take_away(session, actor, at, _of(session, decision_id, action_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class NotForTheRoom:
    """What no sentence may name, still sealed: people and references of cases, professionals.

    ``hidden`` are organisations only staff may know of; ``prefixes`` are those of every table: what
    looks like the reference of a case is one, whoever may see that case.
    """

    cases: CaseTexts
    people: RoomPeople
    hidden: HiddenNames
    prefixes: tuple[str, ...]

    def words(self) -> CaseWords:
        """The same opened. Outside the transaction: opening takes time."""
        of_cases = open_texts(self.cases).values()
        known = self.cases.known
        people = words_of(identities=(), texts=self.people.opened(), codes=(), known=known)
        return together([*of_cases, people, self.hidden.words(known)])


def not_for_the_room(session: Session, actor: Actor, at: LoadedItem) -> NotForTheRoom:
    """Read for a sentence at a loaded item, from every case of its meeting; noted in the log.

    Cases barred to the actor do not count, or the answer would tell of them.
    """
    cases = (
        select(Case)
        .join(AgendaItem, AgendaItem.case_id == Case.id)
        .where(
            AgendaItem.meeting_id == at.meeting.id,
            c.is_staff_table(actor, Case.table_id),
            c.is_not_barred(actor, clock.now()),
        )
        .distinct()
    )
    prefixes = session.scalars(select(CaseTable.prefix).distinct()).all()
    audit.record(
        session,
        None,
        audit.Entry(
            event=audit.Event.READ,
            object_kind="leak-check:projection",
            table_id=at.meeting.table_id,
            meeting_id=at.meeting.id,
        ),
    )
    hidden = names_at(session, actor, at.meeting.id)
    return NotForTheRoom(
        cases=read_texts(session, cases),
        people=people_of(session, at),
        hidden=hidden,
        prefixes=tuple(prefixes),
    )


def _of(
    session: Session, decision_id: uuid.UUID | None, action_id: uuid.UUID | None
) -> Iterable[ProjectedLine]:
    about = (
        ProjectedLine.decision_id == decision_id
        if decision_id is not None
        else ProjectedLine.action_id == action_id
    )
    return session.scalars(
        select(ProjectedLine).where(about, ProjectedLine.taken_away_at.is_(None)).with_for_update()
    )


def _take_away(
    session: Session, actor: Actor, at: LoadedItem, lines: Iterable[ProjectedLine]
) -> None:
    for line in lines:
        line.taken_away_at = clock.now()
        _record(session, actor, at, line.id, audit.Event.DELETE)


def record_reading(
    session: Session, actor: Actor, at: LoadedItem, kind: str, object_id: uuid.UUID
) -> None:
    """What a page about pushing shows is read."""
    audit.record(session, actor, _entry(at, kind, object_id, audit.Event.READ))


def _record(
    session: Session, actor: Actor, at: LoadedItem, line_id: uuid.UUID, event: audit.Event
) -> None:
    audit.record(session, actor, _entry(at, "projected-line", line_id, event))


def _entry(at: LoadedItem, kind: str, object_id: uuid.UUID, event: audit.Event) -> audit.Entry:
    return audit.Entry(
        event=event,
        object_kind=kind,
        object_id=object_id,
        ground=Ground.STAFF,
        table_id=at.meeting.table_id,
        meeting_id=at.meeting.id,
        item_id=at.item.id,
        case_id=at.item.case_id,
    )
