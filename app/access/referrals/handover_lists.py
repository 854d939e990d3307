"""Handovers as their pages list them: with the names of both sides, and what came of each."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ScalarSelect, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from app.access import checks
from app.access import conditions as c
from app.access.actor import Actor
from app.access.referrals import handover_scopes
from app.access.referrals.handover_scopes import is_unanswered
from app.models import Case, CaseTable, Handover, Organisation, Person, Task

_FROM, _TO = aliased(CaseTable), aliased(CaseTable)
_LATER, _STANDS = aliased(Handover), aliased(Case)

Listed = Select[*tuple[Any, ...]]
MOST_OF_CASE: Final = 10


def _with_sides(statement: Select[*tuple[Any, ...]]) -> Listed:
    """Where it comes from and where it goes to, by name."""
    return (
        statement.join(_FROM, _FROM.id == Handover.from_table_id)
        .outerjoin(_TO, _TO.id == Handover.to_table_id)
        .outerjoin(Organisation, Organisation.id == Handover.to_organisation_id)
        .add_columns(
            _FROM.name.label("from_table"),
            _TO.name.label("to_table"),
            Organisation.name.label("to_team"),
        )
    )


def offered(actor: Actor, *, now: datetime) -> Listed:
    """What waits for the actor's answer, the first due first."""
    waiting = handover_scopes.offered_handovers(actor, now=now).where(is_unanswered())
    return _with_sides(waiting).order_by(Handover.due_at, Handover.id)


def sent(actor: Actor, *, now: datetime) -> Listed:
    """By tables served, withdrawn ones left out; of a refusal only the last word about a case.

    What waits comes first, the first due first; then by when it was answered. The reference shows
    as long as the case stands where it was sent from.
    """
    is_last = ~(
        select(_LATER.id)
        .where(_LATER.case_id == Handover.case_id, _LATER.proposed_at > Handover.proposed_at)
        .correlate(Handover)
        .exists()
    )
    stands = and_(
        _STANDS.id == Handover.case_id,
        _STANDS.table_id == Handover.from_table_id,
        _STANDS.team_id.is_(None),
    )
    return (
        _with_sides(handover_scopes.sent_handovers(actor, now=now))
        .outerjoin(_STANDS, stands)
        .outerjoin(Person, Person.id == Handover.accepted_by_id)
        .add_columns(_STANDS.reference.label("reference"), Person.name.label("accepted_by"))
        .where(
            Handover.withdrawn_at.is_(None),
            or_(
                Handover.refused_at.is_(None),
                and_(is_last, _STANDS.id.is_not(None), _STANDS.closed_at.is_(None)),
            ),
        )
        .order_by(
            Handover.accepted_at.is_not(None),
            Handover.refused_at.is_not(None),
            Handover.accepted_at.desc(),
            Handover.due_at,
            Handover.id,
        )
    )


def number_to_look_at(actor: Actor, *, now: datetime) -> ScalarSelect[int]:
    """How many by tables served are late, or came back; for a column of another statement."""
    waits_too_long = and_(is_unanswered(), Handover.due_at <= now)
    found = (
        sent(actor, now=now)
        .where(or_(waits_too_long, Handover.refused_at.is_not(None)))
        .with_only_columns(Handover.id)
        .order_by(None)
        .correlate(None)
        .subquery()
    )
    return select(func.count()).select_from(found).scalar_subquery()


def arrived(actor: Actor, *, now: datetime) -> Listed:
    """What came to tables served, the last one first."""
    return _with_sides(handover_scopes.arrived_handovers(actor, now=now)).order_by(
        Handover.accepted_at.desc(), Handover.id
    )


def of_case(actor: Actor, case: Case) -> Listed:
    """The handovers of a loaded case as its staff see them: sent from here, and how it came."""
    checks.note()
    return (
        _with_sides(select(Handover))
        .outerjoin(Person, Person.id == Handover.accepted_by_id)
        .add_columns(Person.name.label("accepted_by"))
        .where(
            Handover.case_id == case.id,
            or_(c.is_staff_table(actor, Handover.from_table_id), Handover.accepted_at.is_not(None)),
        )
        .order_by(Handover.proposed_at.desc(), Handover.id)
        .limit(MOST_OF_CASE)
    )


def of_task(task: Task) -> Listed:
    """The handover of a held task: to whom, since when and by when."""
    checks.note()
    return _with_sides(select(Handover)).where(Handover.id == task.handover_id)
