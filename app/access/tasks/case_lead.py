"""What a case lead sees beside the plan: safety agreements, all actions in full, who holds what.

Contact details are of people who sit at or act in the case; a seat only staff know of is not told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from app.access import audit, checks, grounds
from app.access import conditions as c
from app.access.actor import Actor
from app.access.people import may_come_near
from app.access.tasks.contacts import works_on
from app.access.tasks.holding import OwnTask
from app.domain.kinds import ActionState, DecisionKind, Ground
from app.infra import clock
from app.infra.crypto import Sealed
from app.models import (
    Action,
    Case,
    Decision,
    Organisation,
    Person,
)


@dataclass(frozen=True, slots=True)
class LeadAction:
    """An action of the case, both texts still sealed; a holder only staff know of is not named."""

    safe: Sealed
    full: Sealed
    organisation: str
    holder: str
    due_on: date
    state: ActionState


@dataclass(frozen=True, slots=True)
class SafetyAgreement:
    """What was agreed about safety, still sealed."""

    text: Sealed
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach somebody who works on the case."""

    name: str
    function: str
    organisation: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class LeadContent:
    """Everything a case lead has beside the sections."""

    agreements: tuple[SafetyAgreement, ...] = ()
    actions: tuple[LeadAction, ...] = ()
    contacts: tuple[Contact, ...] = ()


def led_agreements(actor: Actor, *, now: datetime) -> Select[Decision]:
    """Agreements about safety in the cases the actor leads."""
    checks.note()
    return (
        select(Decision)
        .join(Case, Case.id == Decision.case_id)
        .where(
            grounds.leads_case(actor, now),
            c.is_not_barred(actor, now),
            Decision.kind == DecisionKind.SAFETY_AGREEMENT,
            Decision.deleted_at.is_(None),
        )
    )


def led_actions(actor: Actor, *, now: datetime) -> Select[Action]:
    """All actions of the cases the actor leads."""
    checks.note()
    return (
        select(Action)
        .join(Case, Case.id == Action.case_id)
        .where(grounds.leads_case(actor, now), c.is_not_barred(actor, now))
    )


def read(session: Session, actor: Actor, own: OwnTask) -> LeadContent:
    """What the accepted lead of a loaded case may see; each text is recorded. Three statements."""
    now = clock.now()
    return LeadContent(
        _agreements(session, actor, own, now),
        _actions(session, actor, own, now),
        _contacts(session, actor, own, now),
    )


def _agreements(
    session: Session, actor: Actor, own: OwnTask, now: datetime
) -> tuple[SafetyAgreement, ...]:
    rows = session.scalars(
        led_agreements(actor, now=now)
        .where(Decision.case_id == own.case.id)
        .order_by(Decision.recorded_at.desc(), Decision.id)
    ).all()
    audit.record_all(session, actor, [_line(own, "decision", one) for one in rows])
    return tuple(
        SafetyAgreement(Sealed(one.text_ct, f"decision:{one.id}:text"), one.recorded_at)
        for one in rows
    )


def _actions(session: Session, actor: Actor, own: OwnTask, now: datetime) -> tuple[LeadAction, ...]:
    """Whom the case bars, or who has no account any more, is not named as a holder."""
    works_on = and_(Person.id == Action.person_id, may_come_near(own.case.id, now=now))
    rows = session.execute(
        led_actions(actor, now=now)
        .join(Organisation, Organisation.id == Action.organisation_id)
        .outerjoin(Person, works_on)
        .add_columns(
            Organisation.name.label("organisation"),
            Person.name.label("holder"),
            c.is_hidden_at(Action.case_id, Action.organisation_id).label("is_hidden"),
        )
        .where(Action.case_id == own.case.id)
        .order_by(Action.due_on, Action.id)
    ).all()
    audit.record_all(session, actor, [_line(own, "action", row.Action) for row in rows])
    return tuple(
        LeadAction(
            Sealed(row.Action.safe_ct, f"action:{row.Action.id}:safe"),
            Sealed(row.Action.full_ct, f"action:{row.Action.id}:full"),
            "" if row.is_hidden else row.organisation,
            "" if row.is_hidden else row.holder or "",
            row.Action.due_on,
            row.Action.state,
        )
        for row in rows
    )


def _contacts(session: Session, actor: Actor, own: OwnTask, now: datetime) -> tuple[Contact, ...]:
    """Who sits at a live item, holds an action or a task; minus shelters and the lead itself.

    Nor who reviews an access request, or was offered the case: neither works on it. Nor whom the
    case bars, which only staff may know, or who has no account any more.
    """
    rows = session.execute(
        select(Person, Organisation.name.label("organisation"))
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(works_on(own.case.id, now=now), Person.id != actor.person_id)
        .order_by(Organisation.name, Person.name, Person.id)
    )
    return tuple(
        Contact(
            row.Person.name,
            row.Person.function,
            row.organisation,
            row.Person.phone,
            row.Person.email,
        )
        for row in rows
    )


def _line(own: OwnTask, kind: str, one: Decision | Action) -> audit.Entry:
    return audit.Entry(
        event=audit.Event.READ,
        object_kind=kind,
        object_id=one.id,
        case_id=one.case_id,
        table_id=own.task.table_id,
        item_id=one.item_id,
        ground=Ground.TASK,
    )
