"""The moments of a loaded case, one select per kind of moment, all of the same columns.

They decide nothing: which of them a reader gets is for ``case_line`` to say.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, Uuid, case, cast, literal, null, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.domain.kinds import CaseState, DecisionKind, TaskKind
from app.domain.kinds.happenings import Happening
from app.models import (
    AgendaItem,
    BringingTransfer,
    Case,
    CaseClock,
    Decision,
    ExclusionOrder,
    Handover,
    ItemOutcome,
    Meeting,
    NewFact,
    PhaseChange,
    Referral,
    ReferralQuestion,
    Task,
)

Column = ColumnElement[Any] | InstrumentedAttribute[Any]


def moment(
    what: Happening | ColumnElement[str],
    at: Column,
    *,
    code: Column | None = None,
    version: Column | None = None,
    table: Column | None = None,
    organisation: Column | None = None,
    person: Column | None = None,
    meeting: Column | None = None,
) -> Select[Any]:
    """A select of one kind of moment; the caller says of which case, and which of them."""
    named = literal(what.value, String) if isinstance(what, Happening) else what
    return select(
        named.label("what"),
        at.label("at"),
        _or_nothing(code, String).label("code"),
        (literal(0) if version is None else version).label("version"),
        _or_nothing(table, Uuid).label("table_id"),
        _or_nothing(organisation, Uuid).label("organisation_id"),
        _or_nothing(person, Uuid).label("person_id"),
        _or_nothing(meeting, Uuid).label("meeting_id"),
    ).where(at.is_not(None))


def _or_nothing(column: Column | None, kind: Any) -> ColumnElement[Any]:  # noqa: ANN401 - a type
    if column is None:
        return cast(null(), kind)
    return cast(column, kind)


def of_referral(case_id: uuid.UUID) -> Iterator[Select[Any]]:
    """Referred, what was asked back and answered, and what was decided."""
    yield moment(
        Happening.REFERRED, Referral.sent_at, code=Referral.channel, table=Referral.table_id,
        organisation=Referral.organisation_id,
    ).where(Referral.case_id == case_id)  # fmt: skip
    yield moment(
        Happening.REFERRAL_DECIDED, Referral.decided_at, code=Referral.state,
        person=Referral.decided_by_id,
    ).where(Referral.case_id == case_id)  # fmt: skip
    for what, at, by in (
        (Happening.ASKED_BACK, ReferralQuestion.asked_at, ReferralQuestion.asked_by_id),
        (Happening.ANSWERED, ReferralQuestion.answered_at, ReferralQuestion.answered_by_id),
    ):
        yield (
            moment(what, at, person=by)
            .join(Referral, Referral.id == ReferralQuestion.referral_id)
            .where(Referral.case_id == case_id)
        )


def of_handovers(case_id: uuid.UUID) -> Iterator[Select[Any]]:
    """Offered to another table or team, with the times of both sides."""
    for what, at, by in (
        (Happening.HANDOVER_PROPOSED, Handover.proposed_at, Handover.proposed_by_id),
        (Happening.HANDOVER_ACCEPTED, Handover.accepted_at, Handover.accepted_by_id),
        (Happening.HANDOVER_REFUSED, Handover.refused_at, Handover.refused_by_id),
        (Happening.HANDOVER_WITHDRAWN, Handover.withdrawn_at, None),
    ):
        yield moment(
            what, at, table=Handover.to_table_id, organisation=Handover.to_organisation_id,
            person=by,
        ).where(Handover.case_id == case_id)  # fmt: skip


def of_items(case_id: uuid.UUID) -> Select[Any]:
    """On an agenda; discussed, once its item was finished."""
    is_done = AgendaItem.closed_at.is_not(None)
    return (
        moment(
            case(
                (is_done, literal(Happening.DISCUSSED.value, String)),
                else_=literal(Happening.ON_AGENDA.value, String),
            ),
            case((is_done, AgendaItem.closed_at), else_=AgendaItem.starts_at),
            code=AgendaItem.discussion,
            table=Meeting.table_id,
            meeting=Meeting.id,
        )
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(
            AgendaItem.case_id == case_id,
            AgendaItem.removed_at.is_(None),
            Meeting.cancelled_at.is_(None),
        )
    )


def of_outcomes(case_id: uuid.UUID) -> Select[Any]:
    """What came of the discussions."""
    return moment(
        Happening.OUTCOME, ItemOutcome.recorded_at, code=ItemOutcome.code,
        version=ItemOutcome.kind_version, table=ItemOutcome.table_id,
        person=ItemOutcome.recorded_by_id,
    ).where(ItemOutcome.case_id == case_id, ItemOutcome.taken_back_at.is_(None))  # fmt: skip


def of_phases(case_id: uuid.UUID) -> Select[Any]:
    """The phases it came in."""
    return moment(
        Happening.PHASE, PhaseChange.from_at, code=PhaseChange.phase, person=PhaseChange.set_by_id
    ).where(PhaseChange.case_id == case_id)


def of_clocks(case_id: uuid.UUID, now: datetime) -> Iterator[Select[Any]]:
    """What runs, was met or was missed; and the service of an exclusion order."""
    is_met, is_past = CaseClock.met_at.is_not(None), CaseClock.due_at <= now
    yield moment(
        case(
            (is_met, literal(Happening.CLOCK_MET.value, String)),
            (is_past, literal(Happening.CLOCK_MISSED.value, String)),
            else_=literal(Happening.CLOCK_RUNNING.value, String),
        ),
        case((is_met, CaseClock.met_at), else_=CaseClock.due_at),
        code=CaseClock.code,
        version=CaseClock.kind_version,
        table=CaseClock.table_id,
        person=CaseClock.met_by_id,
    ).where(
        CaseClock.case_id == case_id,
        # One that was ended in time asks for nothing any more.
        or_(is_met, CaseClock.ended_at.is_(None), CaseClock.ended_at > CaseClock.due_at),
    )
    yield moment(
        Happening.ORDER_SERVED, ExclusionOrder.served_at, person=ExclusionOrder.recorded_by_id
    ).where(ExclusionOrder.case_id == case_id)


def of_leads(case_id: uuid.UUID, *, person_id: uuid.UUID | None = None) -> Iterator[Select[Any]]:
    """Asked to lead, accepted, ended; with ``person_id`` that person alone."""
    for what, at in (
        (Happening.LEAD_PROPOSED, Task.granted_at),
        (Happening.LEAD_ACCEPTED, Task.accepted_at),
        (Happening.LEAD_ENDED, Task.ended_at),
    ):
        found = moment(what, at, organisation=Task.organisation_id, person=Task.person_id).where(
            Task.case_id == case_id, Task.kind == TaskKind.CASE_LEAD
        )
        if what is Happening.LEAD_ENDED:
            found = found.where(Task.accepted_at.is_not(None))
        yield found.where(Task.person_id == person_id) if person_id else found


def of_successors(case_id: uuid.UUID) -> Select[Any]:
    """Who is asked to lead it next, and has not said yes yet."""
    return moment(
        Happening.LEAD_PROPOSED, Task.granted_at, organisation=Task.organisation_id,
        person=Task.person_id,
    ).where(
        Task.case_id == case_id,
        Task.kind == TaskKind.CASE_LEAD,
        Task.accepted_at.is_(None),
        Task.ended_at.is_(None),
    )  # fmt: skip


def of_facts(case_id: uuid.UUID, *, person_id: uuid.UUID | None = None) -> Iterator[Select[Any]]:
    """That something new was told, and answered; never what."""
    for what, at in (
        (Happening.FACT_REPORTED, NewFact.reported_at),
        (Happening.FACT_ANSWERED, NewFact.answered_at),
    ):
        found = moment(what, at, organisation=NewFact.organisation_id).where(
            NewFact.case_id == case_id
        )
        yield found.where(NewFact.reported_by_id == person_id) if person_id else found


def of_bringing(case_id: uuid.UUID) -> Iterator[Select[Any]]:
    """Another organisation asked to be the bringing partner, and what it said."""
    for what, at, by in (
        (
            Happening.BRINGING_PROPOSED,
            BringingTransfer.proposed_at,
            BringingTransfer.proposed_by_id,
        ),
        (
            Happening.BRINGING_ACCEPTED,
            BringingTransfer.accepted_at,
            BringingTransfer.accepted_by_id,
        ),
        (Happening.BRINGING_REFUSED, BringingTransfer.refused_at, None),
        (Happening.BRINGING_WITHDRAWN, BringingTransfer.withdrawn_at, None),
    ):
        yield moment(
            what, at, organisation=BringingTransfer.to_organisation_id, person=by
        ).where(BringingTransfer.case_id == case_id)  # fmt: skip


def of_agreements(case_id: uuid.UUID) -> Select[Any]:
    """That something was agreed about safety; never what."""
    return moment(Happening.SAFETY_AGREED, Decision.recorded_at).where(
        Decision.case_id == case_id,
        Decision.kind == DecisionKind.SAFETY_AGREEMENT,
        Decision.deleted_at.is_(None),
    )


def of_ends(case_id: uuid.UUID) -> Iterator[Select[Any]]:
    """Put on the list, and closed."""
    yield moment(
        Happening.CREATED, Case.created_at, organisation=Case.bringing_organisation_id
    ).where(Case.id == case_id)
    yield moment(Happening.CLOSED, Case.closed_at, code=Case.state).where(
        Case.id == case_id, Case.state.in_((CaseState.CLOSED, CaseState.REFUSED))
    )
