"""What staff see before they close a case: what it leaves unfinished, each action by itself."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from app.access import Actor, Permission, load_case
from app.access.case_life import between_marks, plans
from app.access.case_life.plans import ExitCount
from app.access.records import settling
from app.access.referrals import feedback
from app.access.referrals.held_cases import hold_case
from app.domain.errors import Reason, Refusal
from app.domain.kinds import CaseState
from app.features.cases.case_page import is_by_hand
from app.infra import clock, crypto
from app.infra.db import transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAction:
    """One unfinished action by its neutral text, and who may say that it is done."""

    id: uuid.UUID
    safe: str
    who: str
    due_on: date
    due_at: datetime | None
    is_late: bool
    speakers: tuple[tuple[uuid.UUID, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What closing a case leaves unfinished."""

    reference: str
    actions: tuple[OpenAction, ...]
    untold: int
    criteria: ExitCount
    is_followed: bool


def closing(actor: Actor, case_id: uuid.UUID) -> Closing:
    """The page. NotVisible, Refusal STATE_NOT_ALLOWED."""
    with transaction() as session:
        case = load_case(session, actor, case_id, Permission.CASE_UPDATE)
        hold_case(session, case)
        if not is_by_hand(case.state, CaseState.CLOSED):
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        untold = between_marks.untold_of(session, actor, case.id, now=clock.now())
        actions = settling.to_settle(session, actor, case)
        criteria = plans.exit_count(session, case.id)
        is_followed = feedback.is_followed(session, case)
    texts = crypto.unseal_many([one.safe for one in actions])
    return Closing(
        reference=case.reference,
        actions=tuple(
            OpenAction(
                id=one.id,
                safe=text,
                who=f"{one.holder}, {one.organisation}" if one.holder else one.organisation,
                due_on=one.due_on,
                due_at=one.due_at,
                is_late=one.is_late,
                speakers=one.speakers,
            )
            for one, text in zip(actions, texts, strict=True)
        ),
        untold=untold,
        criteria=criteria,
        is_followed=is_followed,
    )
