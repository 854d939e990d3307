"""Sends one calendar mail: asks again whether it still may, notes it, then hands it to the post.

The note stands before the mail leaves, so that nothing is ever sent unrecorded; a new try after a
failure repeats the Message-ID, UID and SEQUENCE and adds no second note. Never a text, only a kind,
goes into it.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.messages import invitations, mail_log
from app.access.messages.invitations import StoredInvitation
from app.features.calendar.envelope import (
    Envelope,
    moment_of,
    post,
    recipient_of,
)
from app.features.calendar.service import CANCEL, REQUEST, active
from app.features.calendar.words import title_of
from app.infra import clock, letters, reply_address
from app.infra.db import transaction
from app.infra.ics import Invite
from app.infra.letters import About
from app.models import Invitation, Person


def deliver(invitation_id: uuid.UUID, *, sequence: int, method: str) -> None:
    """Send this state of an entry, unless a later one stands or the ground for it is gone."""
    with transaction() as session:
        envelope = _prepare(session, invitation_id, sequence=sequence, method=method)
    if envelope is not None:
        post(envelope)


def _prepare(
    session: Session, invitation_id: uuid.UUID, *, sequence: int, method: str
) -> Envelope | None:
    now = clock.now()
    stored = invitations.find_invitation(session, invitation_id)
    if stored is None or stored.invitation.sequence != sequence or stored.invitation.ends_at <= now:
        return None
    identifier = letters.message_id(invitation_id, sequence, method)
    sent = mail_log.may_have_arrived(session, stored.invitation.person_id, invitation_id)
    if not _may_go(session, stored, method=method, was_sent=bool(sent), now=now):
        return None
    person = session.get_one(Person, stored.invitation.person_id)
    mail_log.note_mail(
        session,
        person.id,
        kind=f"calendar.{method.lower()}",
        identifier=identifier,
        meeting_id=stored.invitation.meeting_id,
    )
    return _envelope(
        stored.invitation,
        person,
        title=title_of(invitations.table_of(session, stored.invitation.meeting_id)),
        identifier=identifier,
        method=method,
        is_first=not sent - {identifier},
        stays=method == CANCEL and invitations.has_another(session, stored.invitation, now=now),
    )


def _may_go(
    session: Session, stored: StoredInvitation, *, method: str, was_sent: bool, now: datetime
) -> bool:
    """REQUEST only while every slot is held; CANCEL only to who was told of the entry before."""
    entry = stored.invitation
    if method == CANCEL:
        return entry.cancelled_at is not None and was_sent
    actor = active(session, entry.person_id, now)
    if method != REQUEST or entry.cancelled_at is not None or actor is None:
        return False
    held = invitations.own_time(session, actor, entry.meeting_id, now=now).item_ids
    return stored.item_ids <= held


def _envelope(
    entry: Invitation,
    person: Person,
    *,
    title: str,
    identifier: str,
    method: str,
    is_first: bool,
    stays: bool,
) -> Envelope:
    # Who serves the table has no page of an own time; the entry leads to the meeting itself.
    room = "meetings" if entry.is_whole else "my-meetings"
    url = letters.address_of(f"/{room}/{entry.meeting_id}")
    if method == CANCEL:
        event = "invitation_cancelled"
    else:
        event = "invitation" if is_first else "invitation_changed"
    return Envelope(
        event=event,
        recipient=recipient_of(person),
        identifier=identifier,
        about=About(meeting_id=entry.meeting_id),
        values={
            "name": person.name,
            "moment": moment_of(entry.starts_at),
            "starts_at": entry.starts_at,
            "ends_at": entry.ends_at,
            "place": entry.place,
            "serves": entry.is_whole,
            "stays": stays,
            "url": url,
        },
        invite=_invite(entry, person, title=title, url=url, method=method),
    )


def _invite(entry: Invitation, person: Person, *, title: str, url: str, method: str) -> Invite:
    return Invite(
        uid=entry.uid,
        sequence=entry.sequence,
        stamp=entry.changed_at,
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        summary=title,
        description=description(person.language, url),
        location=entry.place,
        organiser_address=reply_address.organiser_of(entry.uid),
        organiser_name=letters.SENDER_NAME,
        sender_address=reply_address.sender_of(entry.uid),
        recipient_address=person.email,
        recipient_name=person.name,
        method=method,
    )


def description(language: str, url: str) -> str:
    """The words inside a calendar entry: where to sign in, nothing else."""
    return letters.line("invitation", language, {"url": url})
