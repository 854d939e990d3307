"""The rows an extract is made of, each asked by the recipient's own rule; they decide who is shown.

``items_of`` says which items somebody keeps of a meeting; everything else is asked about those.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session, aliased

from app.access import checks, scopes
from app.access import conditions as c
from app.access.actor import Actor
from app.access.people import may_occupy
from app.access.records.afterwards import own_additions
from app.access.records.notes import own_notes
from app.access.walks import from_holds
from app.domain.kinds import AT_TABLE, CallOutcome, RetentionClass
from app.models import (
    Action,
    Addendum,
    AgendaItem,
    Call,
    Case,
    CaseTable,
    Covenant,
    Decision,
    DestroyedClass,
    ItemQuestion,
    Meeting,
    Note,
    OralMark,
    Organisation,
    Person,
    Seat,
    SeatHold,
)

Rows = Sequence[Row[*tuple[Any, ...]]]
Ids = Collection[uuid.UUID]

# Named once: making an alias costs more than asking the database.
_BY_SEAT, _BY = aliased(Seat), aliased(Organisation)
_AGAINST_SEAT, _AGAINST = aliased(Seat), aliased(Organisation)
_SPOKE_SEAT, _SPOKE = aliased(Seat), aliased(Organisation)


def discussed_at() -> Any:  # noqa: ANN401 - a column expression
    """When ``AgendaItem`` of ``Meeting`` was discussed, as far as it was noted."""
    return func.coalesce(AgendaItem.opened_at, Meeting.started_at, Meeting.starts_at)


def items_of(
    session: Session,
    actor: Actor,
    meeting_id: uuid.UUID,
    *,
    now: datetime,
    viewer: Actor | None = None,
) -> Rows:
    """Items of a closed meeting at which the actor holds a seat, in order, with case and table.

    With ``viewer`` without those that are barred to that member of staff.
    """
    checks.note()
    had_covenant = exists().where(
        Covenant.organisation_id == Seat.organisation_id,
        Covenant.table_id == Meeting.table_id,
        Covenant.from_at <= discussed_at(),
        or_(Covenant.until_at.is_(None), Covenant.until_at > discussed_at()),
    )
    statement = (
        from_holds(AgendaItem, Case, Meeting, CaseTable, ItemQuestion)
        .join(CaseTable, CaseTable.id == Meeting.table_id)
        .outerjoin(ItemQuestion, ItemQuestion.item_id == AgendaItem.id)
        .where(
            Meeting.id == meeting_id,
            Meeting.closed_at.is_not(None),
            Meeting.cancelled_at.is_(None),
            AgendaItem.removed_at.is_(None),
            c.holds_seat(actor, now),
            c.is_published(now),
            c.is_taken_up(now),
            c.has_accepted(actor),
            c.knows_nobody(actor, now),
            had_covenant,
            c.is_not_barred(actor, now),
            ~_is_destroyed(),
        )
        .order_by(AgendaItem.starts_at, AgendaItem.position)
    )
    if viewer is not None:
        seen = scopes.staff_items(viewer, now=now).where(Case.id.is_not(None))
        statement = statement.where(AgendaItem.id.in_(seen.with_only_columns(AgendaItem.id)))
    return session.execute(statement).all()


def _is_destroyed() -> c.Condition:
    """Agreements and actions of ``Case`` are gone: what would be made of them now is not them."""
    return exists().where(
        DestroyedClass.case_id == Case.id, DestroyedClass.retention == RetentionClass.DECISIONS
    )


def decisions_of(session: Session, actor: Actor, item_ids: Ids, *, now: datetime) -> Rows:
    """Decisions addressed to the own seats with the organisations they name, each once."""
    statement = (
        scopes.own_decisions(actor, now=now)
        .outerjoin(_BY_SEAT, _BY_SEAT.id == Decision.taken_by_seat_id)
        .outerjoin(_BY, _is_named(_BY, _BY_SEAT, actor))
        .outerjoin(_AGAINST_SEAT, _AGAINST_SEAT.id == Decision.dissent_seat_id)
        .outerjoin(_AGAINST, _is_named(_AGAINST, _AGAINST_SEAT, actor))
        .outerjoin(OralMark, OralMark.id == Decision.oral_mark_id)
        .outerjoin(_SPOKE_SEAT, _SPOKE_SEAT.id == OralMark.seat_id)
        .outerjoin(_SPOKE, _is_named(_SPOKE, _SPOKE_SEAT, actor))
        .with_only_columns(
            Decision,
            case((c.reads_dissent(actor), Decision.dissent_ct)).label("dissent_ct"),
            _BY.name.label("taken_by"),
            _AGAINST.name.label("dissent_by"),
            _SPOKE.name.label("rests_on"),
        )
        .where(Decision.item_id.in_(item_ids))
        .order_by(Decision.recorded_at, Decision.id)
    )
    return list(dict.fromkeys(session.execute(statement)))


def _is_named(organisation: Any, seat: Any, actor: Actor) -> c.Condition:  # noqa: ANN401 - aliases
    """The organisation of a seat, unless only staff may know that it was there."""
    return and_(
        organisation.id == seat.organisation_id,
        or_(seat.is_staff_only.is_(False), organisation.id == actor.organisation_id),
    )


def actions_of(session: Session, actor: Actor, item_ids: Ids, *, now: datetime) -> Rows:
    """Actions of the own organisation agreed at these items, whoever of it holds them."""
    statement = (
        select(Action, Person.name, scopes.sees_full_text(actor, now=now).label("full"))
        .join(Case, Case.id == Action.case_id)
        .outerjoin(Person, Person.id == Action.person_id)
        .where(
            Action.item_id.in_(item_ids),
            Action.organisation_id == actor.organisation_id,
            Action.taken_back_at.is_(None),
            c.is_not_barred(actor, now),
        )
        .order_by(Action.recorded_at, Action.id)
    )
    return session.execute(statement).all()


def notes_of(session: Session, actor: Actor, item_ids: Ids, *, now: datetime) -> list[Note]:
    """Notes for the own seats, each once."""
    statement = own_notes(actor, now=now).where(Note.item_id.in_(item_ids))
    rows = session.execute(statement.order_by(Note.recorded_at, Note.id))
    return list(dict.fromkeys(row.Note for row in rows))


def additions_of(session: Session, actor: Actor, item_ids: Ids, *, now: datetime) -> list[Addendum]:
    """Additions for the own seats, each once."""
    statement = own_additions(actor, now=now).where(Addendum.item_id.in_(item_ids))
    rows = session.execute(statement.order_by(Addendum.recorded_at, Addendum.id))
    return list(dict.fromkeys(row.Addendum for row in rows))


def oral_at(session: Session, actor: Actor, item_ids: Ids) -> Rows:
    """Who explained something aloud at items the actor keeps: mark, item and organisation."""
    statement = (
        select(OralMark.id, OralMark.item_id, _SPOKE.name)
        .join(_SPOKE_SEAT, _SPOKE_SEAT.id == OralMark.seat_id)
        .join(_SPOKE, _is_named(_SPOKE, _SPOKE_SEAT, actor))
        .where(OralMark.item_id.in_(item_ids), OralMark.deleted_at.is_(None))
        .order_by(OralMark.recorded_at, OralMark.id)
    )
    return session.execute(statement).all()


def present_at(session: Session, actor: Actor, item_ids: Ids, *, now: datetime) -> Rows:
    """Who held a seat that was at the table when the item was discussed, staff-only seats aside.

    Of who took part by telephone, on a seat nobody held, only for which organisation: the name was
    one for the room.
    """
    on_telephone = and_(
        SeatHold.id.is_(None),
        Seat.presence.in_(AT_TABLE),
        exists().where(Call.seat_id == Seat.id, Call.outcome == CallOutcome.BY_TELEPHONE),
    )
    statement = (
        select(Seat.item_id, Organisation.name, Person.name)
        .select_from(Seat)
        .join(AgendaItem, AgendaItem.id == Seat.item_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .join(Organisation, Organisation.id == Seat.organisation_id)
        .outerjoin(SeatHold, held_when_discussed())
        .outerjoin(Person, Person.id == SeatHold.person_id)
        .where(
            Seat.item_id.in_(item_ids),
            or_(
                on_telephone,
                and_(c.was_seen(), may_occupy(AgendaItem.case_id, now=now)),
            ),
            Seat.removed_at.is_(None),
            Seat.is_proposed.is_(False),
            or_(Seat.is_staff_only.is_(False), Person.id == actor.person_id),
        )
        .order_by(Organisation.name, Person.name)
    )
    return session.execute(statement).all()


def held_when_discussed() -> c.Condition:
    """``SeatHold`` is of who occupied ``Seat`` when its item was discussed."""
    return and_(
        SeatHold.seat_id == Seat.id,
        SeatHold.from_at <= discussed_at(),
        or_(SeatHold.until_at.is_(None), SeatHold.until_at > discussed_at()),
    )
