"""Cases of one household: linked by a coordinator who serves the tables of both, never by search.

A case at a table one does not coordinate leaves no trace here: no line, no count, no other answer.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, Uuid, and_, literal, or_, select, update
from sqlalchemy.orm import Session, aliased

from app.access import audit, checks, scopes
from app.access import conditions as c
from app.access.actor import Actor
from app.access.permissions import Permission, audience_of
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import Ground
from app.domain.references import normalise_reference
from app.domain.states import SHUT, UNFINISHED
from app.infra import clock
from app.models import Action, Case, CaseTable, HouseholdCase, Organisation, Person

_This = aliased(HouseholdCase)


def coordinated_cases(actor: Actor, *, now: datetime) -> Select[Case]:
    """Cases of the tables the actor coordinates, minus those that bar the actor."""
    return scopes.staff_cases(actor, now=now).where(Case.table_id.in_(actor.coordinator_table_ids))


def load_coordinated(session: Session, actor: Actor, case_id: uuid.UUID) -> Case:
    """A case of a table the actor coordinates. NotVisible."""
    checks.note()
    if not actor.belongs_to(audience_of(Permission.HOUSEHOLD_MANAGE)):
        raise NotVisible
    statement = coordinated_cases(actor, now=clock.now()).where(Case.id == case_id)
    case = session.scalars(statement).one_or_none()
    if case is None:
        raise NotVisible
    return case


def linked_cases(actor: Actor, case_id: uuid.UUID, *, now: datetime) -> Select[Case, str]:
    """The other cases of its household the actor coordinates, with their table."""
    return (
        coordinated_cases(actor, now=now)
        .join(HouseholdCase, HouseholdCase.case_id == Case.id)
        .join(_This, _This.household_id == HouseholdCase.household_id)
        .join(CaseTable, CaseTable.id == Case.table_id)
        .add_columns(CaseTable.name.label("table"))
        .where(
            HouseholdCase.ended_at.is_(None),
            _This.ended_at.is_(None),
            _This.case_id == case_id,
            Case.id != case_id,
        )
        .order_by(Case.reference)
    )


def is_of_household(actor: Actor, case_id: uuid.UUID, *, now: datetime) -> c.Condition:
    """``Case`` is that case or one linked to it, and the actor coordinates the tables of both.

    Nothing is of it where the actor may not know of that case.
    """
    known = coordinated_cases(actor, now=now).where(Case.id == case_id)
    of_it = (
        select(HouseholdCase.case_id)
        .join(_This, _This.household_id == HouseholdCase.household_id)
        .where(HouseholdCase.ended_at.is_(None), _This.ended_at.is_(None), _This.case_id == case_id)
    )
    is_one = or_(Case.id == case_id, Case.id.in_(of_it))
    may_know = literal(case_id, Uuid()).in_(known.with_only_columns(Case.id).correlate(None))
    return and_(is_one, may_know, Case.table_id.in_(actor.coordinator_table_ids))


def open_actions(
    actor: Actor, case_ids: Sequence[uuid.UUID], *, now: datetime
) -> Select[Action, Case, str, str | None]:
    """What is still to be done in these cases, of tables the actor coordinates, soonest first."""
    return (
        scopes.staff_actions(actor, now=now)
        .join(Organisation, Organisation.id == Action.organisation_id)
        .outerjoin(Person, Person.id == Action.person_id)
        .add_columns(Organisation.name.label("organisation"), Person.name.label("holder"))
        .where(
            Action.case_id.in_(case_ids),
            Action.state.in_(UNFINISHED),
            Action.taken_back_at.is_(None),
            Case.table_id.in_(actor.coordinator_table_ids),
            c.is_not_barred(actor, now),
        )
        .order_by(Action.due_on, Action.id)
    )


def link(session: Session, actor: Actor, case: Case, reference: str) -> Case:
    """Say that a loaded case and the one of this reference are of one household; gives the other.

    Refusal CASE_UNKNOWN alike for what does not exist, bars the actor or stands elsewhere.
    """
    found = coordinated_cases(actor, now=clock.now()).where(
        Case.reference == normalise_reference(reference),
        Case.id != case.id,
        Case.state.not_in(SHUT),
    )
    other = session.scalars(found).one_or_none()
    if other is None or case.state in SHUT:
        raise Refusal(Reason.CASE_UNKNOWN, "reference")
    _hold(session, case, other)
    first, second = _household_of(session, case), _household_of(session, other)
    household = first or second or uuid.uuid4()
    if first and second and first != second:
        # What is linked to the other one is of this household too, whoever serves it.
        session.execute(
            update(HouseholdCase)
            .where(HouseholdCase.household_id == second, HouseholdCase.ended_at.is_(None))
            .values(household_id=first)
        )
    for one, known in ((case, first), (other, second)):
        if known is None:
            session.add(
                HouseholdCase(
                    household_id=household,
                    case_id=one.id,
                    linked_by_id=actor.person_id,
                    linked_at=clock.now(),
                )
            )
        audit.record(session, actor, _line(one, audit.Event.CHANGE))
    return other


def _hold(session: Session, *cases: Case) -> None:
    """Hold the cases in one order: of two who link at once the second finds what was linked."""
    ids = [one.id for one in cases]
    session.execute(select(Case.id).where(Case.id.in_(ids)).order_by(Case.id).with_for_update())


def _household_of(session: Session, case: Case) -> uuid.UUID | None:
    return session.scalars(
        select(HouseholdCase.household_id).where(
            HouseholdCase.case_id == case.id, HouseholdCase.ended_at.is_(None)
        )
    ).one_or_none()


def unlink(session: Session, actor: Actor, case: Case) -> None:
    """A loaded case is of no household any more. NotVisible when the actor sees none it is of.

    Linked only to what the actor may not know of it answers as if it were of none.
    """
    if session.execute(linked_cases(actor, case.id, now=clock.now()).limit(1)).first() is None:
        raise NotVisible
    row = session.scalars(
        select(HouseholdCase)
        .where(HouseholdCase.case_id == case.id, HouseholdCase.ended_at.is_(None))
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotVisible
    row.ended_at, row.ended_by_id = clock.now(), actor.person_id
    audit.record(session, actor, _line(case, audit.Event.CHANGE))


def _line(case: Case, event: audit.Event) -> audit.Entry:
    return audit.Entry(
        event=event,
        object_kind="household",
        object_id=case.id,
        case_id=case.id,
        table_id=case.table_id,
        ground=Ground.STAFF,
    )
