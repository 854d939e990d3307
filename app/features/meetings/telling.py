"""What staff see before they move or cancel a meeting: who gets which message."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from app.access import Actor, recipients
from app.access.recipients import Recipients
from app.features.meetings.queries import MeetingHead, find_head
from app.infra import clock
from app.infra.db import reading


@dataclass(frozen=True, slots=True)
class TellingPage:
    """The meeting, and who hears of a change to it."""

    meeting: MeetingHead
    told: Recipients


def read_telling(actor: Actor, meeting_id: uuid.UUID) -> TellingPage:
    """The page of a meeting served; NotVisible otherwise."""
    with reading() as session:
        meeting, head = find_head(session, actor, meeting_id)
        told = recipients.invited_by_name(session, actor, meeting.id, now=clock.now())
        return TellingPage(head, told)
