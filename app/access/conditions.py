"""The small named conditions of access.md §2 in SQL; scopes are built from these alone."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any, ParamSpec, cast

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, case, exists, or_, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.access.actor import Actor
from app.domain.kinds import AT_TABLE, AccountState, PresenceState, Regime
from app.models import (
    Acceptance,
    AgendaItem,
    Case,
    Covenant,
    Decision,
    Declaration,
    Disclosure,
    Exclusion,
    Meeting,
    Person,
    Recusal,
    Seat,
    SeatHold,
    Section,
    identity_place,
)

Condition = ColumnElement[bool]
P = ParamSpec("P")

# Named once: making an alias costs more than asking the database, and every page asks.
_GIVEN, _SHOWN = aliased(Disclosure), identity_place.alias()
_HIDDEN_SEAT, _HIDDEN_ITEM = aliased(Seat), aliased(AgendaItem)
_DISSENT_SEAT = aliased(Seat)


def _once(make: Callable[P, Condition]) -> Callable[P, Condition]:
    """Made once for the same actor and moment: a page asks the same of one table after another.

    Nothing but the arguments may go into the condition; it never holds an answer.
    """
    return cast("Callable[P, Condition]", lru_cache(maxsize=128)(make))


@_once
def is_live(
    from_at: InstrumentedAttribute[datetime],
    until_at: InstrumentedAttribute[datetime | None],
    now: datetime,
) -> Condition:
    """``now`` lies in the half-open span [from_at, until_at)."""
    return and_(from_at <= now, or_(until_at.is_(None), until_at > now))


@_once
def reads_dissent(actor: Actor) -> Condition:
    """The dissent of ``Decision`` is of no seat only staff may know of, or of the own organisation.

    Without it the dissent itself would tell that such a seat was at the table.
    """
    return or_(
        Decision.dissent_seat_id.is_(None),
        exists().where(
            _DISSENT_SEAT.id == Decision.dissent_seat_id,
            or_(
                _DISSENT_SEAT.is_staff_only.is_(False),
                _DISSENT_SEAT.organisation_id == actor.organisation_id,
            ),
        ),
    )


@_once
def is_held(now: datetime) -> Condition:
    """``SeatHold`` is of who occupies its seat at ``now``: nobody before, nobody after."""
    return is_live(SeatHold.from_at, SeatHold.until_at, now)


@_once
def is_to_end(now: datetime) -> Condition:
    """``SeatHold`` goes on at ``now`` or is still to begin."""
    is_ahead = or_(SeatHold.until_at.is_(None), SeatHold.until_at > now)
    return and_(SeatHold.ended.is_(None), is_ahead)


@_once
def is_not_barred(
    actor: Actor, now: datetime, *, case_id: SQLColumnExpression[Any] | None = None
) -> Condition:
    """Neither excluded from nor recused at ``Case`` of the enclosing statement, or ``case_id``.

    The case may be absent (a fixed agenda item): then nothing bars. Where a bar keeps something
    else from showing, give the id: on PostgreSQL a case that bars does not show at all.
    """
    about = Case.id if case_id is None else case_id
    return and_(
        ~exists().where(
            Exclusion.person_id == actor.person_id,
            Exclusion.case_id == about,
            is_live(Exclusion.from_at, Exclusion.until_at, now),
        ),
        ~exists().where(
            Recusal.person_id == actor.person_id,
            Recusal.case_id == about,
            Recusal.lifted_at.is_(None),
        ),
    )


@_once
def is_staff_table(actor: Actor, table_id: InstrumentedAttribute[object]) -> Condition:
    """The actor is chair or coordinator of this table just now."""
    return table_id.in_(actor.staff_table_ids)


@_once
def holds_seat(actor: Actor, now: datetime) -> Condition:
    """``SeatHold`` is the actor's live hold of a live ``Seat`` of the actor's organisation.

    The account's state is asked again: the actor may have been blocked since it was made. An
    administrator account holds no seat, whatever the rows say.
    """
    return and_(
        SeatHold.person_id == actor.person_id,
        SeatHold.seat_id == Seat.id,
        is_held(now),
        Seat.removed_at.is_(None),
        Seat.is_proposed.is_(False),
        Seat.organisation_id == actor.organisation_id,
        exists().where(
            Person.id == actor.person_id,
            Person.state == AccountState.ACTIVE,
            Person.is_administrator.is_(False),
            Person.organisation_id == actor.organisation_id,
        ),
    )


@_once
def is_on_agenda() -> Condition:
    """``Seat``, ``AgendaItem``, ``Meeting`` and ``Case`` belong together, at the case's table."""
    return and_(
        AgendaItem.id == Seat.item_id,
        Meeting.id == AgendaItem.meeting_id,
        Case.id == AgendaItem.case_id,
        is_at_live_item(),
    )


@_once
def is_at_live_item() -> Condition:
    """``Seat`` and ``AgendaItem`` stand, ``Meeting`` goes on, ``Case`` is still on its list."""
    return and_(
        Seat.removed_at.is_(None),
        AgendaItem.removed_at.is_(None),
        Meeting.cancelled_at.is_(None),
        Case.table_id == Meeting.table_id,
    )


def is_published(now: datetime) -> Condition:
    """The papers of ``Meeting`` are published."""
    return and_(Meeting.published_at.is_not(None), Meeting.published_at <= now)


@_once
def is_in_window(now: datetime) -> Condition:
    """``now`` lies in the meeting's half-open access window."""
    return and_(is_published(now), Meeting.opens_at <= now, Meeting.closes_at > now)


@_once
def is_taken_up(now: datetime) -> Condition:
    """``AgendaItem`` is open to ``Seat`` as far as the course of ``Meeting`` goes.

    Where the meeting opens its papers with the items: from the moment it was taken up, and for who
    was at the table by roll call.
    """
    at_the_table = and_(
        AgendaItem.opened_at.is_not(None),
        AgendaItem.opened_at <= now,
        was_seen(),
    )
    return or_(Meeting.opens_with_item.is_(False), at_the_table)


@_once
def was_seen() -> Condition:
    """Roll call saw who held ``Seat``; where it saw a deputy, the one replaced was not there."""
    return and_(
        Seat.presence.in_(AT_TABLE),
        or_(Seat.presence != PresenceState.DEPUTY, SeatHold.is_deputy),
    )


@_once
def has_accepted(actor: Actor) -> Condition:
    """The person accepted confidentiality for ``Meeting`` on the own account."""
    return exists().where(
        Acceptance.person_id == actor.person_id, Acceptance.meeting_id == Meeting.id
    )


@_once
def has_covenant(now: datetime) -> Condition:
    """The organisation of ``Seat`` takes part in the table of ``Meeting`` just now."""
    return exists().where(
        Covenant.organisation_id == Seat.organisation_id,
        Covenant.table_id == Meeting.table_id,
        is_live(Covenant.from_at, Covenant.until_at, now),
    )


def is_asked(section: Any, given_at: Any) -> Condition:  # noqa: ANN401 - a model or its columns
    """The source of a section is asked about a reader it was given to at that moment.

    By law under Wpg, Wjsg and medical secrecy; else where it wants so from some moment on.
    """
    wanted = and_(section.asks_from.is_not(None), given_at >= section.asks_from)
    return or_(section.regime != Regime.AVG, wanted)


def said_yes(given: Any, now: datetime) -> Condition:  # noqa: ANN401 - as above
    """The source agreed to this reader, and still does."""
    return and_(
        given.source_decided_at.is_not(None),
        given.source_refused.is_(False),
        or_(given.source_until_at.is_(None), given.source_until_at > now),
    )


def is_agreed(section: Any, given: Any, *, given_at: Any, now: datetime) -> Condition:  # noqa: ANN401 - as above
    """The source of a section need not be asked about this reader, or said yes and still does.

    A no stands, and so does taking back, whether or not it had to be asked.
    """
    unasked = and_(
        section.regime == Regime.AVG,
        or_(section.asks_from.is_(None), given_at < section.asks_from),
    )
    return and_(given.source_refused.is_(False), or_(unasked, said_yes(given, now)))


@_once
def is_disclosed(now: datetime) -> Condition:
    """``Disclosure`` opens ``Section`` to ``Seat``, with the source's decision where needed."""
    return and_(
        Disclosure.seat_id == Seat.id,
        Disclosure.section_id == Section.id,
        Disclosure.withdrawn_at.is_(None),
        is_agreed(Section, Disclosure, given_at=Disclosure.decided_at, now=now),
    )


@_once
def is_declared(
    actor: Actor,
    section_id: SQLColumnExpression[uuid.UUID],
    words: SQLColumnExpression[int] | None = None,
) -> Condition:
    """The person said not to know privately whose identity this section holds.

    With ``words`` of these words of it, else of any that ever stood there.
    """
    return exists().where(
        Declaration.person_id == actor.person_id,
        Declaration.section_id == section_id,
        always() if words is None else Declaration.words_version == words,
    )


@_once
def knows_nobody(actor: Actor, now: datetime) -> Condition:
    """The person said so of every identity disclosed to ``Seat``; where none is, none is asked.

    Of the words that stand, as long as one can answer: what is kept after the window of ``Meeting``
    stays where they were changed since.
    """
    can_answer = or_(Meeting.closes_at.is_(None), Meeting.closes_at > now)
    said, said_once = (
        is_declared(actor, _SHOWN.c.section_id, words) for words in (_SHOWN.c.words_version, None)
    )
    return ~exists().where(
        _GIVEN.seat_id == Seat.id,
        _GIVEN.withdrawn_at.is_(None),
        _SHOWN.c.section_id == _GIVEN.section_id,
        _SHOWN.c.case_id == AgendaItem.case_id,
        is_agreed(_SHOWN.c, _GIVEN, given_at=_GIVEN.decided_at, now=now),
        ~said,
        or_(can_answer, ~said_once),
    )


@_once
def is_ready_seat(actor: Actor, now: datetime) -> Condition:
    """A seat of which nothing is missing but, perhaps, the answer to "do you know anybody"."""
    return and_(
        holds_seat(actor, now),
        is_on_agenda(),
        is_in_window(now),
        is_taken_up(now),
        has_accepted(actor),
        has_covenant(now),
    )


@_once
def is_open_seat(actor: Actor, now: datetime) -> Condition:
    """Everything ground 1 asks of one and the same seat, except the disclosure itself."""
    return and_(is_ready_seat(actor, now), knows_nobody(actor, now))


@_once
def is_settled_seat(actor: Actor, now: datetime) -> Condition:
    """A seat of a published meeting whose occupant accepted and answered; the window may be over.

    By it one keeps what was written for the seat, unless the case bars one.
    """
    return and_(
        holds_seat(actor, now),
        AgendaItem.removed_at.is_(None),
        has_accepted(actor),
        knows_nobody(actor, now),
        is_published(now),
        is_not_barred(actor, now),
    )


@_once
def is_hidden_at(
    case_id: SQLColumnExpression[Any], organisation_id: SQLColumnExpression[Any]
) -> Condition:
    """Only staff may know that this organisation, such as a shelter, has to do with this case."""
    return exists().where(
        _HIDDEN_SEAT.organisation_id == organisation_id,
        _HIDDEN_SEAT.is_staff_only.is_(True),
        _HIDDEN_ITEM.id == _HIDDEN_SEAT.item_id,
        _HIDDEN_ITEM.case_id == case_id,
    )


def always() -> Condition:
    """A condition that holds; for optional filters."""
    return true()


def as_number(condition: Condition) -> ColumnElement[int]:
    """1 where the condition holds, else 0; for counting."""
    return case((condition, 1), else_=0)
