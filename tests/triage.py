"""What the tests of triage store: a referral as it lies at a table once it was sent."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from app.access.referrals import clocks, words
from app.domain.kinds import CaseState, Channel, ClockStart, ReferralState, Urgency
from app.infra import clock
from app.infra.db import transaction
from app.models import (
    Case,
    CaseTable,
    IdentityMark,
    Person,
    Referral,
    ReferralCriterion,
    ReferralPartner,
)
from tests import builders


@dataclass(frozen=True, slots=True)
class Referred:
    """A referral and its case."""

    referral: Referral
    case: Case


def refer(
    at: CaseTable,
    who: Person,
    organisation,
    *,
    met: tuple[str, ...] = (),
    wanted=(),
    late: str = "",
    started: bool = True,
    sent_at: datetime | None = None,
    **more,
) -> Referred:
    """One that was sent, with its clocks when ``started``; texts are canaries of the builders."""
    moment = sent_at or clock.now()
    case = builders.case(at, organisation, state=CaseState.REFERRED, created_at=moment)
    referral_id = uuid.uuid4()
    values = {
        "state": ReferralState.SENT,
        "channel": Channel.FORM,
        "urgency": Urgency.REGULAR,
        "family_informed": True,
    }
    referral = builders.save(
        Referral(
            **{
                "id": referral_id,
                "case_id": case.id,
                "table_id": at.id,
                "person_id": who.id,
                "organisation_id": organisation.id,
                "started_at": moment,
                "changed_at": moment,
                "sent_at": moment,
                "late_ct": words.seal(case.id, late, words.late_binding(referral_id))
                if late
                else None,
                **values,
                **more,
            }
        )
    )
    rows = [ReferralCriterion(referral_id=referral_id, code=one, is_met=True) for one in met]
    rows += [ReferralPartner(referral_id=referral_id, organisation_id=one.id) for one in wanted]
    if rows:
        builders.save_all(*rows)
    if started:
        start_clocks(at, case, referral_id, moment)
    return Referred(referral, case)


def start_clocks(at: CaseTable, case: Case, referral_id: uuid.UUID, moment: datetime) -> None:
    with transaction() as session:
        held = session.get_one(Case, case.id)
        begun = clocks.start(session, held, at, ClockStart.REFERRAL, moment)
        if begun:
            session.get_one(Referral, referral_id).due_at = begun[0].due_at


def mark(case: Case, label: str = "Moeder", mark_of: str = "someone") -> None:
    """Somebody concerned with a mark: the same ``mark_of`` is the same person."""
    person = builders.concerned(case, label=label, position=9)
    builders.save(
        IdentityMark(
            person_concerned_id=person.id, case_id=case.id, mark=mark_of, made_at=clock.now()
        )
    )
