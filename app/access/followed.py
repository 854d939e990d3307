"""Two more ways to an action not done yet: told of it on the ladder, gone through at a table.

Both show the safe text only; the full one opens at a table where its chair agreed to that.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Select, and_, exists, false, or_, select
from sqlalchemy.orm import aliased

from app.access import checks, scopes
from app.access import conditions as c
from app.access.actor import Actor
from app.access.walks import from_holds
from app.domain.kinds import NoticeStep
from app.domain.states import UNFINISHED
from app.models import (
    Action,
    ActionNotice,
    ActionShown,
    AgendaItem,
    Meeting,
    OrganisationContact,
    Seat,
    SeatHold,
)

_SAT, _HELD = aliased(Seat), aliased(SeatHold)

# The steps of the ladder whose people have no other way to the action: a chair serves the table.
LADDER: Final = (NoticeStep.DEPUTY, NoticeStep.CONTACT)


def chased_actions(actor: Actor, *, now: datetime) -> Select[Action]:
    """Unfinished actions of the actor's organisation of which the actor was told on the ladder.

    As long as the actor still is who was told: somebody who represents the organisation at that
    table, or is named for it there. Never the case they belong to, and never their full text. Who
    took an office on reads none of them until it is laid down.
    """
    checks.note()
    told = exists().where(
        ActionNotice.action_id == Action.id,
        ActionNotice.person_id == actor.person_id,
        or_(
            and_(
                ActionNotice.step == NoticeStep.DEPUTY,
                Action.table_id.in_(actor.representative_table_ids),
            ),
            and_(ActionNotice.step.in_(LADDER), _is_named(actor, now)),
        ),
    )
    return select(Action).where(
        false() if actor.holds_office else told,
        Action.organisation_id == actor.organisation_id,
        Action.state.in_(UNFINISHED),
        Action.taken_back_at.is_(None),
        c.is_not_barred(actor, now, case_id=Action.case_id),
    )


def _is_named(actor: Actor, now: datetime) -> c.Condition:
    """The organisation of ``Action`` named the actor for its table, or for all of them."""
    return (
        exists()
        .where(
            OrganisationContact.person_id == actor.person_id,
            OrganisationContact.organisation_id == Action.organisation_id,
            or_(
                OrganisationContact.table_id.is_(None),
                OrganisationContact.table_id == Action.table_id,
            ),
            c.is_live(OrganisationContact.from_at, OrganisationContact.until_at, now),
        )
        .correlate(Action)
    )


def followed_actions(actor: Actor, *, now: datetime) -> Select[AgendaItem, Action]:
    """Unfinished actions from before at the cases of the actor's open items, with that item.

    None of an organisation that only staff know to be concerned with the case; and who was at an
    item does not learn here what was agreed at a later one.
    """
    checks.note()
    return (
        from_holds(AgendaItem, Action)
        .join(Action, _comes_back())
        .where(_is_gone_through(actor, now))
        .distinct()
    )


def shown_actions(actor: Actor, *, now: datetime) -> Select[ActionShown, AgendaItem]:
    """What the chair agreed to show of them, with the actor's name among those at the item."""
    checks.note()
    return (
        from_holds(ActionShown, AgendaItem)
        .join(ActionShown, ActionShown.item_id == AgendaItem.id)
        .join(Action, and_(Action.id == ActionShown.action_id, _comes_back()))
        .where(_is_gone_through(actor, now), _is_shown_to(actor))
    )


def _comes_back() -> c.Condition:
    """``Action`` was recorded before ``AgendaItem``, at another one of its case at this table."""
    return and_(
        Action.case_id == AgendaItem.case_id,
        Action.item_id != AgendaItem.id,
        Action.table_id == Meeting.table_id,
        Action.recorded_at < AgendaItem.starts_at,
    )


def _is_gone_through(actor: Actor, now: datetime) -> c.Condition:
    """The item is open to the actor, and ``Action`` is unfinished and of nobody hidden."""
    return and_(
        c.is_open_seat(actor, now),
        c.is_not_barred(actor, now),
        Action.state.in_(UNFINISHED),
        Action.taken_back_at.is_(None),
        or_(
            Action.organisation_id == actor.organisation_id,
            ~c.is_hidden_at(Action.case_id, Action.organisation_id),
        ),
    )


def sees_followed_text(actor: Actor, *, now: datetime) -> c.Condition:
    """The full text of ``Action`` opens in ``followed_actions``: as it does elsewhere, or shown."""
    shown = exists().where(
        ActionShown.action_id == Action.id,
        ActionShown.item_id == AgendaItem.id,
        _is_shown_to(actor),
    )
    return or_(shown.correlate(Action, AgendaItem), scopes.sees_full_text(actor, now=now))


def _is_shown_to(actor: Actor) -> c.Condition:
    """``ActionShown`` stands, and the actor held a seat at its item when the chair agreed to it.

    The chair agreed with those names before the eyes: a seat given later is another question.
    """
    sat = exists().where(
        _HELD.person_id == actor.person_id,
        _HELD.from_at <= ActionShown.agreed_at,
        or_(_HELD.until_at.is_(None), _HELD.until_at > ActionShown.agreed_at),
        _SAT.id == _HELD.seat_id,
        _SAT.item_id == ActionShown.item_id,
        _SAT.organisation_id == actor.organisation_id,
        _SAT.removed_at.is_(None),
        _SAT.is_proposed.is_(False),
    )
    return and_(ActionShown.withdrawn_at.is_(None), sat.correlate(ActionShown))
