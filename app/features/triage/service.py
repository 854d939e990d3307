"""What staff decide about a referral; each act is one unit of work, held and logged."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, Permission
from app.access.meetings import late
from app.access.meetings.placing import NewCaseItem, put_on_agenda
from app.access.meetings.timetable import load_for_change
from app.access.referrals import by_telephone_facts, completeness, judging, triage
from app.access.referrals.by_telephone_facts import Facts
from app.access.referrals.judging import Wanted
from app.access.referrals.triage import Loaded
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import WAITING_REFERRALS, DiscussionKind, ReferralState
from app.infra import clock
from app.infra.db import reading, transaction

JUDGES = Permission.REFERRAL_TRIAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptChoices:
    """What accepting asks: why, where a required criterion is not met; which meeting, whom."""

    reference: str
    needs_reason: bool
    meetings: tuple[tuple[uuid.UUID, datetime], ...]
    partners: tuple[Wanted, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """What staff typed."""

    message: str = ""
    reason: str = ""
    meeting_id: uuid.UUID | None = None
    partner_ids: frozenset[uuid.UUID] = frozenset()


def take_up(actor: Actor, referral_id: uuid.UUID) -> None:
    """Say that somebody looks at it now."""
    with transaction() as session:
        triage.take_up(session, actor, triage.load(session, actor, referral_id, JUDGES))


def record_facts(actor: Actor, referral_id: uuid.UUID, facts: Facts) -> None:
    """Complete what somebody called about."""
    with transaction() as session:
        loaded = triage.load(session, actor, referral_id, JUDGES)
        by_telephone_facts.record_facts(session, actor, loaded, facts)


def ask_back(actor: Actor, referral_id: uuid.UUID, question: str) -> None:
    """Ask the referrer something."""
    with transaction() as session:
        triage.ask_back(session, actor, triage.load(session, actor, referral_id, JUDGES), question)


def decline(actor: Actor, referral_id: uuid.UUID, state: ReferralState, message: str) -> None:
    """Advise or refuse, with words for the referrer."""
    with transaction() as session:
        loaded = triage.load(session, actor, referral_id, JUDGES)
        triage.decline(session, actor, loaded, state, message)


def join(actor: Actor, referral_id: uuid.UUID, reference: str) -> uuid.UUID:
    """It belongs to a case that is there; gives that case."""
    with transaction() as session:
        loaded = triage.load(session, actor, referral_id, JUDGES)
        return judging.join(session, actor, loaded, reference).id


def accept_choices(actor: Actor, referral_id: uuid.UUID) -> AcceptChoices:
    """What the form for accepting offers; no text, so nothing is recorded."""
    with reading() as session:
        loaded = triage.find(session, actor, referral_id)
        if loaded.referral.state not in WAITING_REFERRALS:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        return AcceptChoices(
            reference=loaded.case.reference,
            needs_reason=_misses_criteria(session, loaded),
            meetings=tuple(
                (one.id, one.starts_at)
                for one in judging.coming_meetings(session, actor, loaded.table)
            ),
            partners=judging.wanted_partners(session, loaded.referral, loaded.table),
        )


def reference_of(actor: Actor, referral_id: uuid.UUID) -> str:
    """The reference of a referral that waits; no text, so nothing is recorded. Refusal."""
    with reading() as session:
        loaded = triage.find(session, actor, referral_id)
        if loaded.referral.state not in WAITING_REFERRALS:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        return loaded.case.reference


def accept(actor: Actor, referral_id: uuid.UUID, given: Acceptance) -> uuid.UUID:
    """Take the case on, perhaps at once on an agenda with whom the referrer wanted; gives it.

    REASON_NEEDED where a required criterion is not met, or the list of that agenda is closed, and
    neither staff nor the referrer said why.
    """
    with transaction() as session:
        loaded = triage.load(session, actor, referral_id, JUDGES)
        if _misses_criteria(session, loaded) and not given.reason.strip():
            raise Refusal(Reason.REASON_NEEDED, "reason")
        triage.accept(session, actor, loaded, message=given.message, reason=given.reason)
        if given.meeting_id is not None:
            _put_on_agenda(session, actor, loaded, given)
        return loaded.case.id


def _misses_criteria(session: Session, loaded: Loaded) -> bool:
    judged = completeness.criteria_of(session, [(loaded.referral, loaded.table)])
    return bool(completeness.unmet(judged[loaded.referral.id]))


def _put_on_agenda(session: Session, actor: Actor, loaded: Loaded, given: Acceptance) -> None:
    if given.meeting_id is None:
        raise NotVisible
    meeting = load_for_change(session, actor, given.meeting_id, Permission.MEETING_PLAN)
    if meeting.starts_at <= clock.now():
        raise Refusal(Reason.ALREADY_STARTED, "meeting")
    if loaded.referral.late_ct is None:
        late.refuse_without_reason(session, meeting, given.reason)
    new = NewCaseItem(
        case_id=loaded.case.id,
        minutes=loaded.table.minutes_per_item,
        discussion=DiscussionKind.NEW,
        reason=given.reason,
    )
    item = put_on_agenda(session, actor, meeting, loaded.case, new)
    wanted = judging.wanted_partners(session, loaded.referral, loaded.table)
    may_sit = {one.organisation_id for one in wanted if one.takes_part}
    judging.propose_seats(session, item.id, given.partner_ids & may_sit)
