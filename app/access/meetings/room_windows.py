"""Windows that show the screen in the room: made by staff, paired with a code that works once.

A window holds a random token and nothing else; neither code nor token is stored, only their hashes.
It never opens anything but that one screen.
"""

from __future__ import annotations

import secrets
import unicodedata
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.access import Actor, audit, checks, scopes
from app.access.meetings.room_view import is_live_window
from app.access.of_others import serves_meeting
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import Ground
from app.domain.references import ALPHABET
from app.infra import clock, crypto
from app.models import Meeting, Person, Projection

CODE_LENGTH: Final = 8
CODE_LASTS: Final = timedelta(minutes=5)
# A meeting lasts a part of a day; its close ends its windows before this does.
WINDOW_LASTS: Final = timedelta(hours=12)
_LONGEST_TYPED: Final = 40


@dataclass(frozen=True, slots=True)
class NewCode:
    """A code as it is read out in the room, and until when it works."""

    code: str
    until_at: datetime

    @property
    def spaced(self) -> str:
        """In two halves, as one reads it aloud."""
        half = CODE_LENGTH // 2
        return f"{self.code[:half]} {self.code[half:]}"


@dataclass(frozen=True, slots=True)
class Window:
    """A window that shows the screen of a meeting just now."""

    id: uuid.UUID
    paired_at: datetime
    made_by: str


def make_code(session: Session, actor: Actor, meeting: Meeting) -> NewCode:
    """A code for one window of a loaded meeting; an older one that was not used stops working."""
    _refuse_over(meeting)
    now = clock.now()
    session.execute(
        update(Projection)
        .where(Projection.meeting_id == meeting.id, Projection.paired_at.is_(None))
        .values(code_until_at=now)
    )
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    made = _add(session, actor, meeting, code=code)
    record(session, actor, meeting, made.id, audit.Event.AUTHORISE)
    return NewCode(code, made.code_until_at)


def open_here(session: Session, actor: Actor, meeting: Meeting) -> str:
    """A window on the very computer staff work at, without a code; gives its token."""
    _refuse_over(meeting)
    made = _add(session, actor, meeting, code=secrets.token_urlsafe(32))
    record(session, actor, meeting, made.id, audit.Event.AUTHORISE)
    return _pair(made)


def pair(session: Session, typed: str, *, address: str) -> str:
    """The token of the window that gave the code; Refusal CODE_WRONG, whatever is wrong with it."""
    now = clock.now()
    row = session.execute(
        select(Projection, Meeting)
        .join(Meeting, Meeting.id == Projection.meeting_id)
        .where(
            Projection.code_hash == hash_code(normalise_code(typed)),
            Projection.code_until_at > now,
            Projection.paired_at.is_(None),
            Projection.ended_at.is_(None),
            Meeting.closed_at.is_(None),
            Meeting.cancelled_at.is_(None),
            serves_meeting(Projection.made_by_id, now),
        )
        .with_for_update(of=Projection)
    ).one_or_none()
    if row is None:
        raise Refusal(Reason.CODE_WRONG, "code")
    record(session, None, row.Meeting, row.Projection.id, audit.Event.ADD, address=address)
    return _pair(row.Projection)


def windows_of(session: Session, meeting: Meeting) -> list[Window]:
    """The windows of a loaded meeting that go on, oldest first."""
    rows = session.execute(
        select(Projection.id, Projection.paired_at, Person.name)
        .join(Meeting, Meeting.id == Projection.meeting_id)
        .join(Person, Person.id == Projection.made_by_id)
        .where(Meeting.id == meeting.id, is_live_window(clock.now()))
        .order_by(Projection.paired_at, Projection.id)
    )
    return [Window(row.id, row.paired_at, row.name) for row in rows]


def end(session: Session, actor: Actor, window_id: uuid.UUID) -> uuid.UUID:
    """End one window; gives the meeting. NotVisible for whoever does not serve its table."""
    row = session.execute(
        scopes.staff_meetings(actor)
        .join(Projection, Projection.meeting_id == Meeting.id)
        .add_columns(Projection)
        .where(Projection.id == window_id)
    ).one_or_none()
    if row is None:
        raise NotVisible
    if row.Projection.ended_at is None:
        row.Projection.ended_at = clock.now()
        record(session, actor, row.Meeting, window_id, audit.Event.DELETE)
    meeting_id: uuid.UUID = row.Meeting.id
    return meeting_id


def end_here(session: Session, actor: Actor, token_hash: str) -> None:
    """End the window a browser holds where the actor made it, as they leave that browser."""
    row = session.execute(
        select(Projection, Meeting)
        .join(Meeting, Meeting.id == Projection.meeting_id)
        .where(
            Projection.token_hash == token_hash,
            Projection.made_by_id == actor.person_id,
            Projection.ended_at.is_(None),
        )
    ).one_or_none()
    if row is not None:
        row.Projection.ended_at = clock.now()
        record(session, actor, row.Meeting, row.Projection.id, audit.Event.DELETE)


def meeting_of(session: Session, token_hash: str) -> tuple[Meeting, uuid.UUID]:
    """The meeting a window shows, and the window; NotVisible once it ended."""
    checks.note()
    row = session.execute(
        select(Meeting, Projection.id)
        .join(Projection, Projection.meeting_id == Meeting.id)
        .where(Projection.token_hash == token_hash, is_live_window(clock.now()))
    ).one_or_none()
    if row is None:
        raise NotVisible
    return row.Meeting, row.id


def hash_code(code: str) -> str:
    """What is stored of a code: keyed, for eight characters alone could be tried out."""
    return crypto.store().fingerprint(f"projection-code:{code}").hex()


def hash_token(token: str) -> str:
    """What is stored of a token."""
    return crypto.store().fingerprint(f"projection-token:{token}").hex()


def form_token(token: str) -> str:
    """What the form of a window carries to show that it comes from that window."""
    return crypto.store().fingerprint(f"projection-form:{token}").hex()


def normalise_code(typed: str) -> str:
    """Capitals without spaces or dashes, however it was typed."""
    folded = unicodedata.normalize("NFKC", typed[:_LONGEST_TYPED]).upper()
    return "".join(one for one in folded if one.isalnum())


def record(
    session: Session,
    actor: Actor | None,
    meeting: Meeting,
    window_id: uuid.UUID,
    event: audit.Event,
    *,
    address: str = "",
) -> None:
    """One line in the access log about a window."""
    audit.record(
        session,
        actor,
        audit.Entry(
            event=event,
            object_kind="projection",
            object_id=window_id,
            ground=Ground.STAFF if actor else None,
            table_id=meeting.table_id,
            meeting_id=meeting.id,
            address=address,
        ),
    )


def _add(session: Session, actor: Actor, meeting: Meeting, *, code: str) -> Projection:
    now = clock.now()
    made = Projection(
        id=uuid.uuid4(),
        meeting_id=meeting.id,
        code_hash=hash_code(code),
        code_until_at=now + CODE_LASTS,
        made_by_id=actor.person_id,
        made_at=now,
        until_at=now + WINDOW_LASTS,
    )
    session.add(made)
    return made


def _pair(window: Projection) -> str:
    token = secrets.token_urlsafe(32)
    window.token_hash, window.paired_at = hash_token(token), clock.now()
    return token


def _refuse_over(meeting: Meeting) -> None:
    if meeting.cancelled_at is not None:
        raise Refusal(Reason.MEETING_CANCELLED)
    if meeting.closed_at is not None:
        raise Refusal(Reason.ALREADY_CLOSED)
