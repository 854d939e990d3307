"""Reads everything of one referral for who judges it; names stay closed, reading is recorded."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor, audit, case_scopes, disclosure
from app.access.case_life.between_meetings import staff_informings
from app.access.disclosure import OpenSection
from app.access.readings import readings_of_case
from app.access.referrals import completeness, handover_lists, judging, scopes, words
from app.access.referrals.completeness import Judged, Missing
from app.access.referrals.judging import ClockOfCase, Wanted
from app.access.referrals.repeats import Earlier, earlier_cases
from app.domain.errors import NotVisible
from app.domain.kinds import (
    WAITING_REFERRALS,
    Channel,
    ConcernedRole,
    Ground,
    ReferralState,
    Regime,
    Urgency,
)
from app.domain.local_time import local_date, start_of_day
from app.domain.time_left import TimeLeft, time_left
from app.infra import clock, crypto
from app.infra.crypto import Sealed
from app.infra.db import transaction
from app.infra.holidays_nl import is_holiday
from app.models import Case, Informing, Person, PersonConcerned, Referral, ReferralQuestion


@dataclass(frozen=True, slots=True)
class ConcernedLine:
    """Somebody concerned, by label; the name shows in the case alone."""

    role: ConcernedRole
    label: str
    has_identity: bool


@dataclass(frozen=True, slots=True)
class Written:
    """One text with its heading and its source."""

    label_nl: str
    label_en: str
    source: str
    regime: Regime
    text: str


@dataclass(frozen=True, slots=True)
class AskedBack:
    """A question to the referrer, and the answer when there is one."""

    text: str
    asked_at: datetime
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sent:
    """A handover of this case: to whom, and what came of it."""

    to: str
    proposed_at: datetime
    due_at: datetime
    accepted_at: datetime | None
    refused_at: datetime | None
    withdrawn_at: datetime | None

    @property
    def waits(self) -> bool:
        """Nobody answered yet."""
        return not (self.accepted_at or self.refused_at or self.withdrawn_at)


@dataclass(frozen=True, slots=True)
class ClockLine:
    """A clock, and how long it still runs or how late it is; ``last_day`` where a day ends it."""

    clock: ClockOfCase
    left: TimeLeft | None
    last_day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralPage:
    """Everything of one referral; ``is_waiting`` as long as it is not decided."""

    id: uuid.UUID
    case_id: uuid.UUID
    reference: str
    table: str
    organisation: str
    referrer: str
    state: ReferralState
    urgency: Urgency
    channel: Channel
    sent_at: datetime | None
    decided_at: datetime | None
    question: str
    late: str
    outcome: str
    family_informed: bool | None
    family_reason: str
    missing: tuple[Missing, ...]
    criteria: tuple[Judged, ...]
    concerned: tuple[ConcernedLine, ...]
    sections: tuple[Written, ...]
    partners: tuple[Wanted, ...]
    clocks: tuple[ClockLine, ...]
    questions: tuple[AskedBack, ...]
    handovers: tuple[Sent, ...]
    earlier: tuple[Earlier, ...]

    @property
    def is_waiting(self) -> bool:
        """Whether somebody still has to decide."""
        return self.state in WAITING_REFERRALS

    @property
    def required(self) -> int:
        """How many criteria are required."""
        return sum(one.criterion.is_required for one in self.criteria)

    @property
    def required_met(self) -> int:
        """How many of these are met."""
        return sum(one.criterion.is_required and one.is_met for one in self.criteria)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """What the page is made of, still sealed."""

    row: Any
    judged: tuple[Judged, ...]
    concerned: Sequence[Any]
    opened: Sequence[OpenSection]
    asked: Sequence[ReferralQuestion]
    informing: Informing | None
    partners: tuple[Wanted, ...]
    ran: tuple[ClockOfCase, ...]
    handovers: Sequence[Any]
    earlier: tuple[Earlier, ...]


def referral_page(actor: Actor, referral_id: uuid.UUID) -> ReferralPage:
    """The page on which one referral is judged. Reading is recorded. NotVisible."""
    now = clock.now()
    with transaction() as session:
        rows = _rows(session, actor, referral_id, now)
    return _page(rows, _texts(rows), now)


def _rows(session: Session, actor: Actor, referral_id: uuid.UUID, now: datetime) -> _Rows:
    row = _row(session, actor, referral_id, now)
    referral, case, table = row.Referral, row.Case, row.CaseTable
    concerned = (
        case_scopes.staff_concerned(actor, now=now)
        .where(PersonConcerned.case_id == case.id)
        .order_by(PersonConcerned.position)
    )
    read = [*readings_of_case(case), _reading(referral, case)]
    return _Rows(
        row=row,
        judged=completeness.criteria_of(session, [(referral, table)])[referral.id],
        concerned=session.execute(concerned).all(),
        opened=disclosure.read_sections(session, actor, [case.id], now=now, also=read),
        asked=_questions(session, actor, referral, now),
        informing=_informing(session, actor, case, now),
        partners=judging.wanted_partners(session, referral, table),
        ran=judging.clocks_of(session, case, table),
        handovers=session.execute(handover_lists.of_case(actor, case)).all(),
        earlier=earlier_cases(session, actor, [case.id], now=now).get(case.id, ()),
    )


def _page(rows: _Rows, texts: Mapping[str, str], now: datetime) -> ReferralPage:
    row, referral, case = rows.row, rows.row.Referral, rows.row.Case
    return ReferralPage(
        id=referral.id,
        case_id=case.id,
        reference=case.reference,
        table=row.CaseTable.name,
        organisation=row.organisation,
        referrer=row.referrer,
        state=referral.state,
        urgency=referral.urgency,
        channel=referral.channel,
        sent_at=referral.sent_at,
        decided_at=referral.decided_at,
        question=texts[disclosure.question_binding(case.id)],
        late=texts[words.late_binding(referral.id)],
        outcome=texts[words.outcome_binding(referral.id)],
        family_informed=referral.family_informed,
        family_reason=texts[_reason_binding(rows.informing)] if rows.informing else "",
        missing=_missing(rows),
        criteria=rows.judged,
        concerned=tuple(_concerned(one, texts) for one in rows.concerned),
        sections=tuple(_written(one, texts) for one in rows.opened),
        partners=rows.partners,
        clocks=tuple(_clock(one, now) for one in rows.ran),
        questions=tuple(_asked_back(one, texts) for one in rows.asked),
        handovers=tuple(_sent(one) for one in rows.handovers),
        earlier=rows.earlier,
    )


def _missing(rows: _Rows) -> tuple[Missing, ...]:
    return completeness.missing_of(
        rows.row.Referral,
        rows.judged,
        has_question=rows.row.has_question,
        has_cause=rows.row.has_cause,
        concerned=rows.row.concerned,
    )


def _concerned(row: Any, texts: Mapping[str, str]) -> ConcernedLine:  # noqa: ANN401 - a joined row
    person = row.PersonConcerned
    return ConcernedLine(person.role, texts[_label_binding(person)], row.Section is not None)


def _row(session: Session, actor: Actor, referral_id: uuid.UUID, now: datetime) -> Any:  # noqa: ANN401 - a joined row
    row = session.execute(
        completeness.referrals_with_facts(actor, now=now)
        .join(Person, Person.id == Referral.person_id)
        .add_columns(Person.name.label("referrer"))
        .where(Referral.id == referral_id)
    ).one_or_none()
    if row is None:
        raise NotVisible
    return row


def _reading(referral: Referral, case: Case) -> audit.Entry:
    return audit.Entry(
        event=audit.Event.READ,
        object_kind="referral",
        object_id=referral.id,
        case_id=case.id,
        table_id=case.table_id,
        ground=Ground.STAFF,
    )


def _questions(
    session: Session, actor: Actor, referral: Referral, now: datetime
) -> Sequence[ReferralQuestion]:
    return session.scalars(
        scopes.staff_questions(actor, now=now)
        .where(ReferralQuestion.referral_id == referral.id)
        .order_by(ReferralQuestion.asked_at, ReferralQuestion.id)
    ).all()


def _informing(session: Session, actor: Actor, case: Case, now: datetime) -> Informing | None:
    """What the referrer said of the family as a whole."""
    found: Informing | None = session.scalars(
        staff_informings(actor, now=now)
        .where(Informing.case_id == case.id, Informing.person_concerned_id.is_(None))
        .order_by(Informing.recorded_at, Informing.id)
        .limit(1)
    ).one_or_none()
    return found


def _label_binding(person: PersonConcerned) -> str:
    return f"person_concerned:{person.id}:label"


def _reason_binding(informing: Informing) -> str:
    return f"informing:{informing.id}:reason"


def _texts(rows: _Rows) -> dict[str, str]:
    """Every text of the page by what it belongs to, with one statement on the key store."""
    referral, informing = rows.row.Referral, rows.informing
    people = [one.PersonConcerned for one in rows.concerned]
    sealed = [
        disclosure.sealed_question(rows.row.Case),
        words.sealed_late(referral),
        words.sealed_outcome(referral),
        *(one.text for one in rows.opened),
        *(Sealed(one.label_ct, _label_binding(one)) for one in people),
    ]
    for question in rows.asked:
        sealed += words.sealed_question(question)
    if informing is not None:
        sealed.append(Sealed(informing.reason_ct, _reason_binding(informing)))
    texts = crypto.unseal_many(sealed)
    return {one.belongs_to: text for one, text in zip(sealed, texts, strict=True)}


def _written(one: OpenSection, texts: Mapping[str, str]) -> Written:
    return Written(one.label_nl, one.label_en, one.source, one.regime, texts[one.text.belongs_to])


def _clock(one: ClockOfCase, now: datetime) -> ClockLine:
    runs = one.met_at is None and one.ended_at is None
    left = time_left(one.due_at, now, is_holiday) if runs else None
    at_midnight = start_of_day(local_date(one.due_at)) == one.due_at
    return ClockLine(one, left, local_date(one.due_at) - timedelta(days=1) if at_midnight else None)


def _asked_back(one: ReferralQuestion, texts: Mapping[str, str]) -> AskedBack:
    return AskedBack(
        texts[words.asked_binding(one.id)],
        one.asked_at,
        texts[words.answer_binding(one.id)],
        one.answered_at,
    )


def _sent(row: Any) -> Sent:  # noqa: ANN401 - a row of a scope
    one = row.Handover
    return Sent(
        row.to_table or row.to_team or "",
        one.proposed_at,
        one.due_at,
        one.accepted_at,
        one.refused_at,
        one.withdrawn_at,
    )
