"""What staff do with a correction: take it over, or say why not.

Taking over changes no word by itself: what was agreed is mended on the worksheet.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from app.access import Actor, audit
from app.access.records import adoption, corrections
from app.access.records.corrections import LoadedCorrection
from app.domain.errors import Reason, Refusal
from app.domain.kinds import Ground, RetentionClass
from app.domain.working_days import midnight_after
from app.infra import clock, crypto
from app.infra.crypto import KeyScope
from app.infra.db import transaction
from app.infra.holidays_nl import is_holiday


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlePage:
    """One correction as staff read it."""

    id: uuid.UUID
    meeting_id: uuid.UUID
    item_id: uuid.UUID
    starts_at: datetime
    person: str
    organisation: str
    text: str
    answer: str
    at: datetime
    is_taken_over: bool | None
    settled_at: datetime | None
    is_adopted: bool


def settle_page(actor: Actor, correction_id: uuid.UUID) -> SettlePage:
    """Read a correction; recorded."""
    with transaction() as session:
        loaded = corrections.load_correction(session, actor, correction_id, now=clock.now())
        audit.record(session, actor, _line(loaded, audit.Event.READ))
    one, at = loaded.correction, loaded.at
    text, answer = crypto.unseal_many([corrections.text_of(one), corrections.answer_of(one)])
    return SettlePage(
        id=one.id,
        meeting_id=at.meeting.id,
        item_id=at.item.id,
        starts_at=at.item.starts_at,
        person=loaded.person,
        organisation=loaded.organisation,
        text=text,
        answer=answer,
        at=one.at,
        is_taken_over=one.is_taken_over,
        settled_at=one.settled_at,
        is_adopted=(at.item.adopted_at or at.meeting.adopted_at) is not None,
    )


def settle(actor: Actor, correction_id: uuid.UUID, *, is_taken_over: bool, answer: str) -> None:
    """Settle a correction once; declining takes an answer. Approvals of before no longer count.

    Where the period is over, those who were there get one more working day for what changed.
    """
    if not is_taken_over and not answer.strip():
        raise Refusal(Reason.REASON_NEEDED, "answer")
    now = clock.now()
    with transaction() as session:
        loaded = corrections.load_correction(session, actor, correction_id, now=now)
        one, meeting = loaded.correction, loaded.at.meeting
        session.refresh(meeting, with_for_update=True)
        if one.settled_at is not None or (loaded.at.item.adopted_at or meeting.adopted_at):
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        one.is_taken_over, one.settled_at, one.settled_by_id = is_taken_over, now, actor.person_id
        if answer.strip():
            scope = KeyScope.of_case(one.case_id, RetentionClass.DECISIONS)
            one.answer_ct = crypto.seal(scope, answer, belongs_to=f"correction:{one.id}:answer")
        until = adoption.ends_at(meeting, loaded.at.item)
        if is_taken_over:
            adoption.words_changed(session, meeting, loaded.at.item, now=now)
        elif until is not None and now >= until:
            adoption.queue_tacit(session, meeting, at=midnight_after(now, 1, is_holiday))
        audit.record(session, actor, _line(loaded, audit.Event.CHANGE))


def _line(loaded: LoadedCorrection, event: audit.Event) -> audit.Entry:
    meeting = loaded.at.meeting
    return audit.Entry(
        event=event,
        object_kind="correction",
        object_id=loaded.correction.id,
        ground=Ground.STAFF,
        table_id=meeting.table_id,
        meeting_id=meeting.id,
        item_id=loaded.at.item.id,
        case_id=loaded.correction.case_id,
    )
