"""The extract of the minutes: what one recipient keeps of a meeting, never more than its own part.

One reading serves the recipient's page, its plain text and the preview for staff; the texts come
out sealed with their reading recorded. The access window does not apply; exclusion, recusal,
withdrawal of the seat and block do.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from app.access import audit, checks, scopes
from app.access import conditions as c
from app.access.actor import Actor
from app.access.disclosure import sealed_question
from app.access.loaders import load_own_meeting
from app.access.people import may_occupy
from app.access.permissions import Permission
from app.access.walks import from_holds
from app.domain.kinds import ActionState, DecisionKind, Ground, PresenceState
from app.infra.crypto import Sealed
from app.models import (
    Action,
    AgendaItem,
    Case,
    CaseTable,
    Covenant,
    Decision,
    Meeting,
    Organisation,
    Person,
    Seat,
    SeatHold,
)

AT_TABLE = (PresenceState.PRESENT, PresenceState.REMOTE, PresenceState.DEPUTY)
Rows = list[Row[*tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class AtTable:
    """Somebody who was there, as the others at the item may know it."""

    organisation: str
    name: str


@dataclass(frozen=True, slots=True)
class KeptDecision:
    """A decision addressed to a seat of the recipient."""

    kind: DecisionKind
    text: Sealed
    dissent: Sealed


@dataclass(frozen=True, slots=True)
class KeptAction:
    """An action of the own organisation; ``full`` is empty where only the safe text opens."""

    safe: Sealed
    full: Sealed
    holder: str
    due_on: date
    state: ActionState


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptItem:
    """One item; question and who was there come only with adopted minutes."""

    item_id: uuid.UUID
    reference: str
    starts_at: datetime
    question: Sealed
    present: tuple[AtTable, ...]
    decisions: tuple[KeptDecision, ...]
    actions: tuple[KeptAction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """What a recipient keeps of one meeting."""

    meeting_id: uuid.UUID
    table_id: uuid.UUID
    table_name: str
    starts_at: datetime
    closed: bool
    adopted: bool
    items: tuple[KeptItem, ...]


def read_extract(
    session: Session,
    actor: Actor,
    meeting_id: uuid.UUID,
    *,
    now: datetime,
    viewer: Actor | None = None,
) -> Extract:
    """The recipient's extract; before adoption the list of agreements and actions only.

    With ``viewer`` it is the preview for staff: as adopted, without the items barred to the viewer,
    and recorded as the viewer's reading. Raises NotVisible without an own slot. At most six
    statements.
    """
    rows = _items(session, actor, meeting_id, now, viewer)
    if not rows:
        own = load_own_meeting(session, actor, meeting_id, Permission.EXTRACT_READ)
        return _extract(session, own, adopted=own.adopted_at is not None, items=())
    meeting: Meeting = rows[0].Meeting
    adopted = meeting.adopted_at is not None or viewer is not None
    cases = {row.AgendaItem.id: row for row in rows}
    decisions = _decisions(session, actor, cases, now)
    actions = _actions(session, actor, cases, now)
    present = _present(session, actor, cases, now) if adopted else []
    read = [("decision", one.id, one.item_id, one.case_id) for one in decisions]
    read += [("action", r.Action.id, r.Action.item_id, r.Action.case_id) for r in actions]
    if adopted:
        read += [("question", row.Case.id, row.AgendaItem.id, row.Case.id) for row in rows]
    _record(session, viewer or actor, meeting, read)
    items = tuple(
        KeptItem(
            item_id=item_id,
            reference=row.Case.reference,
            starts_at=row.AgendaItem.starts_at,
            question=sealed_question(row.Case) if adopted else Sealed(None, ""),
            present=tuple(AtTable(o, name) for at, o, name in present if at == item_id),
            decisions=tuple(_decision(one) for one in decisions if one.item_id == item_id),
            actions=tuple(_action(one) for one in actions if one.Action.item_id == item_id),
        )
        for item_id, row in cases.items()
    )
    return _extract(session, meeting, adopted=adopted, items=items)


def discussed_at() -> Any:  # noqa: ANN401 - a column expression
    """When ``AgendaItem`` of ``Meeting`` was discussed, as far as it was noted."""
    return func.coalesce(AgendaItem.opened_at, Meeting.started_at, Meeting.starts_at)


def _items(
    session: Session, actor: Actor, meeting_id: uuid.UUID, now: datetime, viewer: Actor | None
) -> Rows:
    """Items of a closed meeting at which the actor holds a seat, in order."""
    checks.note()
    had_covenant = exists().where(
        Covenant.organisation_id == Seat.organisation_id,
        Covenant.table_id == Meeting.table_id,
        Covenant.from_at <= discussed_at(),
        or_(Covenant.until_at.is_(None), Covenant.until_at > discussed_at()),
    )
    statement = (
        from_holds(AgendaItem, Case, Meeting)
        .where(
            Meeting.id == meeting_id,
            Meeting.closed_at.is_not(None),
            Meeting.cancelled_at.is_(None),
            AgendaItem.removed_at.is_(None),
            c.holds_seat(actor, now),
            c.is_published(now),
            c.has_accepted(actor),
            c.knows_nobody(actor, now),
            had_covenant,
            c.is_not_barred(actor, now),
        )
        .order_by(AgendaItem.starts_at, AgendaItem.position)
    )
    if viewer is not None:
        seen = scopes.staff_items(viewer, now=now).where(Case.id.is_not(None))
        statement = statement.where(AgendaItem.id.in_(seen.with_only_columns(AgendaItem.id)))
    return list(session.execute(statement).all())


def _decisions(
    session: Session, actor: Actor, item_ids: dict[uuid.UUID, Any], now: datetime
) -> list[Decision]:
    """Decisions addressed to the own seats; one addressed to two of them comes once."""
    statement = (
        scopes.own_decisions(actor, now=now)
        .where(Decision.item_id.in_(item_ids))
        .order_by(Decision.recorded_at, Decision.id)
    )
    return list(dict.fromkeys(row.Decision for row in session.execute(statement)))


def _actions(session: Session, actor: Actor, item_ids: dict[uuid.UUID, Any], now: datetime) -> Rows:
    """Actions of the own organisation recorded at these items, whoever of it holds them."""
    statement = (
        select(Action, Person.name, scopes.sees_full_text(actor, now=now).label("full"))
        .join(Case, Case.id == Action.case_id)
        .outerjoin(Person, Person.id == Action.person_id)
        .where(
            Action.item_id.in_(item_ids),
            Action.organisation_id == actor.organisation_id,
            c.is_not_barred(actor, now),
        )
        .order_by(Action.recorded_at, Action.id)
    )
    return list(session.execute(statement).all())


def _present(
    session: Session, actor: Actor, item_ids: dict[uuid.UUID, Any], now: datetime
) -> list[tuple[uuid.UUID, str, str]]:
    """Who held a seat that was at the table when the item was discussed, staff-only seats aside."""
    statement = (
        select(Seat.item_id, Organisation.name, Person.name)
        .select_from(Seat)
        .join(AgendaItem, AgendaItem.id == Seat.item_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .join(Organisation, Organisation.id == Seat.organisation_id)
        .join(
            SeatHold,
            and_(
                SeatHold.seat_id == Seat.id,
                SeatHold.from_at <= discussed_at(),
                or_(SeatHold.until_at.is_(None), SeatHold.until_at > discussed_at()),
            ),
        )
        .join(Person, Person.id == SeatHold.person_id)
        .where(
            Seat.item_id.in_(item_ids),
            Seat.presence.in_(AT_TABLE),
            Seat.removed_at.is_(None),
            Seat.is_proposed.is_(False),
            or_(Seat.is_staff_only.is_(False), Person.id == actor.person_id),
            may_occupy(AgendaItem.case_id, now=now),
        )
        .order_by(Organisation.name, Person.name)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(statement)]


def _decision(one: Decision) -> KeptDecision:
    return KeptDecision(
        one.kind,
        Sealed(one.text_ct, f"decision:{one.id}:text"),
        Sealed(one.dissent_ct, f"decision:{one.id}:dissent"),
    )


def _action(row: Row[*tuple[Any, ...]]) -> KeptAction:
    action: Action = row.Action
    return KeptAction(
        safe=Sealed(action.safe_ct, f"action:{action.id}:safe"),
        full=Sealed(action.full_ct if row.full else None, f"action:{action.id}:full"),
        holder=row.name or "",
        due_on=action.due_on,
        state=action.state,
    )


def _extract(
    session: Session, meeting: Meeting, *, adopted: bool, items: tuple[KeptItem, ...]
) -> Extract:
    return Extract(
        meeting_id=meeting.id,
        table_id=meeting.table_id,
        table_name=session.get_one(CaseTable, meeting.table_id).name,
        starts_at=meeting.starts_at,
        closed=meeting.closed_at is not None,
        adopted=adopted,
        items=items,
    )


def _record(
    session: Session,
    reader: Actor,
    meeting: Meeting,
    read: list[tuple[str, uuid.UUID, uuid.UUID, uuid.UUID]],
) -> None:
    """One line per text that is opened: kind, object, item and case."""
    ground = Ground.STAFF if meeting.table_id in reader.staff_table_ids else Ground.SEAT
    lines = [
        audit.Entry(
            event=audit.Event.READ,
            object_kind=kind,
            object_id=object_id,
            ground=ground,
            table_id=meeting.table_id,
            meeting_id=meeting.id,
            item_id=item_id,
            case_id=case_id,
        )
        for kind, object_id, item_id, case_id in dict.fromkeys(read)
    ]
    audit.record_all(session, reader, lines)
