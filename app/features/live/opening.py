"""Before the first case: roll call and what is said aloud, written down by who leads the meeting.

Nothing here opens anything: an acceptance on the own account is for its owner alone.
"""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import access
from app.access import Actor, Permission
from app.access.seats import roll_call
from app.access.seats.roll_call import RollSeat
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import InvitationAnswer, PresenceState
from app.infra.db import transaction
from app.models import Meeting


@dataclass(frozen=True, slots=True)
class Seen:
    """One answer at roll call; of somebody elsewhere also whether nobody else is in that room."""

    presence: PresenceState
    is_alone: bool | None = None


ANSWERS: Final = {
    "present": Seen(PresenceState.PRESENT),
    "remote-alone": Seen(PresenceState.REMOTE, is_alone=True),
    "remote-not-alone": Seen(PresenceState.REMOTE, is_alone=False),
    "deputy": Seen(PresenceState.DEPUTY),
    "absent-notice": Seen(PresenceState.ABSENT_NOTICE),
    "absent": Seen(PresenceState.ABSENT),
}


def call(actor: Actor, meeting_id: uuid.UUID, seat_id: uuid.UUID, said: str) -> None:
    """One answer for all seats of who sits there, except where the item is finished already.

    NotVisible, Refusal VALUE_UNKNOWN, ALREADY_CLOSED, MEETING_CANCELLED.
    """
    seen = ANSWERS.get(said)
    if seen is None:
        raise Refusal(Reason.VALUE_UNKNOWN)
    with transaction() as session:
        meeting = _meeting(session, actor, meeting_id)
        roll = roll_call.read_roll(session, actor, meeting_id)
        asked = next((one for one in roll if one.at.seat.id == seat_id), None)
        if asked is None:
            raise NotVisible
        places = [one.place for one in roll if one.who == asked.who and not one.closed]
        roll_call.note(session, actor, meeting, places, seen.presence, is_alone=seen.is_alone)


def call_everybody(actor: Actor, meeting_id: uuid.UUID) -> None:
    """Who has not been noted yet and did not say no is there. Refusals as above."""
    with transaction() as session:
        meeting = _meeting(session, actor, meeting_id)
        roll = roll_call.read_roll(session, actor, meeting_id)
        places = [one.place for one in roll if _is_to_note(one)]
        roll_call.note(session, actor, meeting, places, PresenceState.PRESENT)


def _is_to_note(one: RollSeat) -> bool:
    is_coming = one.at.person_id is not None and one.at.answer is not InvitationAnswer.NO
    return is_coming and one.at.seat.presence is None and not one.closed


def accept_aloud(actor: Actor, meeting_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """Somebody of this meeting said yes in the room; once, and not beside the own account.

    NotVisible, Refusal ALREADY_CLOSED, MEETING_CANCELLED.
    """
    # Pressed twice at once: the second finds the first one's row, which is as good as its own.
    with suppress(IntegrityError), transaction() as session:
        meeting = _meeting(session, actor, meeting_id)
        roll = roll_call.read_roll(session, actor, meeting_id)
        person = next((one for one in roll if one.at.person_id == person_id), None)
        if person is None:
            raise NotVisible
        if person.accepted_at is None and person.aloud_at is None:
            roll_call.accept_aloud(session, actor, meeting, person_id)


def withdraw_aloud(actor: Actor, meeting_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """It was noted by mistake. NotVisible, Refusal ALREADY_CLOSED, MEETING_CANCELLED."""
    with transaction() as session:
        meeting = _meeting(session, actor, meeting_id)
        roll = roll_call.read_roll(session, actor, meeting_id)
        if all(one.at.person_id != person_id for one in roll):
            raise NotVisible
        roll_call.withdraw_aloud(session, actor, meeting, person_id)


def _meeting(session: Session, actor: Actor, meeting_id: uuid.UUID) -> Meeting:
    """A meeting that is not over."""
    meeting = access.load_meeting(session, actor, meeting_id, Permission.MEETING_CLOSE)
    if meeting.cancelled_at is not None:
        raise Refusal(Reason.MEETING_CANCELLED)
    if meeting.closed_at is not None:
        raise Refusal(Reason.ALREADY_CLOSED)
    return meeting
