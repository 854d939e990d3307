"""Handing one meeting over to an acting chair, and taking it back; announced, never confirmed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, Permission, scopes
from app.access.meetings import acting
from app.access.meetings.acting import Acting, Candidate
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.local_time import ImpossibleTime, local_to_utc
from app.infra import clock
from app.infra.db import reading, transaction
from app.models import CaseTable, Meeting

LAST_MINUTE = time(23, 59)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChairPage:
    """Who chairs the meeting, and to whom the reader may give it."""

    meeting_id: uuid.UUID
    table_name: str
    starts_at: datetime
    ends_at: datetime
    acting: Acting | None
    may_end: bool
    is_chair: bool
    goes_on: bool
    candidates: tuple[Candidate, ...]


def chair_page(actor: Actor, meeting_id: uuid.UUID) -> ChairPage:
    """The page to hand a meeting over. NotVisible."""
    now = clock.now()
    with reading() as session:
        row = session.execute(
            scopes.staff_meetings(actor)
            .join(CaseTable, CaseTable.id == Meeting.table_id)
            .add_columns(CaseTable.name, *acting.acting_columns(now))
            .where(Meeting.id == meeting_id)
        ).one_or_none()
        if row is None:
            raise NotVisible
        meeting, found = row.Meeting, acting.acting_of(row)
        return ChairPage(
            meeting_id=meeting.id,
            table_name=row.name,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            acting=found,
            may_end=found is not None and acting.may_end(actor, meeting.table_id, found.person_id),
            is_chair=meeting.table_id in actor.chair_table_ids,
            goes_on=meeting.cancelled_at is None and meeting.adopted_at is None,
            candidates=acting.candidates(session, actor, meeting),
        )


def hand_over(
    actor: Actor, meeting_id: uuid.UUID, person_id: uuid.UUID, *, day: date, at: time | None
) -> None:
    """Give the meeting to somebody from now until a moment on the clocks of the Netherlands.

    Refusal as in ``acting.appoint``, HOUR_DOES_NOT_EXIST.
    """
    try:
        until_at = local_to_utc(day, at or LAST_MINUTE)
    except ImpossibleTime:
        raise Refusal(Reason.HOUR_DOES_NOT_EXIST, "until_time") from None
    with transaction() as session:
        meeting = _load(session, actor, meeting_id)
        acting.appoint(session, actor, meeting, person_id, until_at=until_at)


def take_back(actor: Actor, meeting_id: uuid.UUID) -> None:
    """End it before its time. NotVisible, NotPermitted."""
    with transaction() as session:
        acting.end(session, actor, _load(session, actor, meeting_id))


def _load(session: Session, actor: Actor, meeting_id: uuid.UUID) -> Meeting:
    return access.load_meeting(session, actor, meeting_id, Permission.MEETING_CLOSE)
