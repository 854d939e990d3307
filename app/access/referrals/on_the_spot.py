"""Samen op in Acuut: what was agreed on the spot becomes a case, handed over in the same act.

The assessment stays in the own systems of police and Veilig Thuis; whoever reports serves no table
and follows it as its referrer.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session

from app.access import audit, checks
from app.access.actor import Actor
from app.access.administration.kinds_in_force import in_force
from app.access.disclosure import section_binding
from app.access.records.new_cases import add_with_reference
from app.access.referrals import clocks, parts
from app.access.referrals.handovers import Proposal, propose
from app.access.referrals.scopes import own_referrals
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import (
    CaseState,
    Channel,
    ClockStart,
    Ground,
    OrganisationKind,
    ReferralState,
    TableKind,
    Urgency,
)
from app.domain.presets.sections import AGREEMENTS
from app.domain.referral_drafts import Draft, Household, Matter, Member
from app.infra import clock, crypto
from app.infra.crypto import KeyScope
from app.infra.wall import System, opened_for
from app.models import Case, CaseTable, Organisation, Referral, Section, SectionType

REPORTERS: Final = (OrganisationKind.POLICE, OrganisationKind.VEILIG_THUIS)
# To which kinds of table such a case may go on, in the order they are offered.
RECEIVERS: Final = (TableKind.ACTION, TableKind.SCREENING, TableKind.MDA)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnTheSpot:
    """What was agreed, line by line, about whom, and which table takes it from here.

    ``why_not`` says why the family does not know of it yet.
    """

    table_id: uuid.UUID
    to_table_id: uuid.UUID
    agreements: str
    people: Sequence[Member]
    informed: bool
    why_not: str
    is_danger: bool
    reason: str


def own_tables(actor: Actor) -> Select[CaseTable]:
    """The on-the-spot tables at which the actor represents police or Veilig Thuis."""
    checks.note()
    reports = exists().where(
        Organisation.id == actor.organisation_id, Organisation.kind.in_(REPORTERS)
    )
    return (
        select(CaseTable)
        .where(
            CaseTable.kind == TableKind.ON_THE_SPOT,
            CaseTable.id.in_(actor.representative_table_ids),
            CaseTable.ended_at.is_(None),
            reports,
        )
        .order_by(CaseTable.name)
    )


def may_report(actor: Actor) -> ColumnElement[bool]:
    """Whether the actor may report on the spot at all; for a column of another statement."""
    return own_tables(actor).with_only_columns(CaseTable.id).order_by(None).correlate(None).exists()


def receiving_tables() -> Select[CaseTable]:
    """Where such a case may go on to."""
    checks.note()
    return (
        select(CaseTable)
        .where(CaseTable.kind.in_(RECEIVERS), CaseTable.ended_at.is_(None))
        .order_by(CaseTable.name)
    )


def report(session: Session, actor: Actor, new: OnTheSpot) -> Referral:
    """Make the case and offer it at once. NotVisible, Refusal."""
    tables = {one.id: one for one in session.scalars(own_tables(actor))}
    if new.table_id not in tables:
        raise NotVisible
    if new.to_table_id not in {one.id for one in session.scalars(receiving_tables())}:
        raise Refusal(Reason.VALUE_UNKNOWN, "to")
    table, now = tables[new.table_id], clock.now()
    case = Case(
        id=uuid.uuid4(),
        table_id=table.id,
        bringing_organisation_id=actor.organisation_id,
        state=CaseState.REFERRED,
        channel=Channel.ON_THE_SPOT.value,
        created_at=now,
    )
    referral = _referral(session, actor, table, case, new)
    with opened_for(session, System.REFERRAL):
        add_with_reference(session, case, table.prefix)
        agreed = _agreements(session, actor, table, case, new)
        session.add_all(_rows(actor, case, referral, new))
        session.add_all((referral, agreed))
        started = clocks.start(session, case, table, ClockStart.REFERRAL, now)
        referral.due_at = started[0].due_at if started else None
    offered = Proposal(
        reason=new.reason,
        to_table_id=new.to_table_id,
        section_ids=(agreed.id,),
        opens_question=False,
        due_by=referral.due_at,
    )
    propose(session, actor, case, offered, ground=Ground.SOURCE)
    _record(session, actor, referral)
    return referral


def _referral(
    session: Session, actor: Actor, table: CaseTable, case: Case, new: OnTheSpot
) -> Referral:
    now = clock.now()
    return Referral(
        id=uuid.uuid4(),
        case_id=case.id,
        table_id=table.id,
        person_id=actor.person_id,
        organisation_id=actor.organisation_id,
        state=ReferralState.SENT,
        channel=Channel.ON_THE_SPOT,
        urgency=Urgency.ACUTE if new.is_danger else Urgency.SOON,
        family_informed=new.informed,
        kind_version=in_force(session, table, now).number,
        started_at=now,
        changed_at=now,
        sent_at=now,
    )


def _rows(actor: Actor, case: Case, referral: Referral, new: OnTheSpot) -> list[object]:
    """People by label, and whether the family knows."""
    today = clock.today().isoformat()
    draft = Draft(
        matter=Matter(channel=Channel.ON_THE_SPOT),
        household=Household(
            members=tuple(new.people),
            informed=new.informed,
            informed_on=today if new.informed else "",
            reason="" if new.informed else new.why_not,
        ),
    )
    return parts.made_of(actor, parts.Sent(case, referral.id, draft, (), ()))


def _agreements(
    session: Session, actor: Actor, table: CaseTable, case: Case, new: OnTheSpot
) -> Section:
    kind = session.scalars(
        select(SectionType).where(SectionType.table_id == table.id, SectionType.code == AGREEMENTS)
    ).one_or_none()
    if kind is None:
        raise Refusal(Reason.TABLE_TAKES_NONE)
    section_id = uuid.uuid4()
    return Section(
        id=section_id,
        case_id=case.id,
        section_type_id=kind.id,
        source_organisation_id=actor.organisation_id,
        text_ct=crypto.seal(
            KeyScope.of_case(case.id, kind.retention),
            new.agreements,
            belongs_to=section_binding(section_id),
        ),
        updated_at=clock.now(),
        updated_by_id=actor.person_id,
    )


def _record(session: Session, actor: Actor, referral: Referral) -> None:
    audit.record(
        session,
        actor,
        audit.Entry(
            event=audit.Event.ADD,
            object_kind="referral",
            object_id=referral.id,
            case_id=referral.case_id,
            table_id=referral.table_id,
            ground=Ground.SOURCE,
        ),
    )


def own_reports(actor: Actor, since: datetime) -> Select[Referral, str | None]:
    """What the actor reported on the spot since then, the last first, and where it lies now."""
    return (
        own_referrals(actor, now=clock.now())
        .outerjoin(CaseTable, CaseTable.id == Referral.table_id)
        .add_columns(CaseTable.name.label("table"))
        .where(Referral.channel == Channel.ON_THE_SPOT, Referral.sent_at >= since)
        .order_by(Referral.sent_at.desc(), Referral.id)
    )
