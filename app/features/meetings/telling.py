"""What staff see before they move or cancel a meeting: who gets which message."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from app.access import Actor, Permission, load_meeting
from app.access.meetings import recipients
from app.access.meetings.recipients import Recipients
from app.access.messages import undelivered
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


def count_undelivered(actor: Actor, meeting_id: uuid.UUID) -> int:
    """How many messages about a meeting served were given up, as far as the actor may know."""
    with reading() as session:
        load_meeting(session, actor, meeting_id, Permission.MEETING_READ)
        return undelivered.count_at(session, actor, meeting_id)
