"""What the calendar pages show: the own entry as a file, and the mails of the demo folder."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app import access
from app.access import Actor, audit
from app.access.audit import Entry, Event
from app.access.messages import invitations
from app.features.calendar.delivery import description
from app.features.calendar.words import title_of
from app.infra import ics, letters, mailbox
from app.infra.db import transaction
from app.infra.ics import ReadEvent
from app.infra.mailbox import StoredMail
from app.models import CaseTable

MOST_MAILS = 200


def own_slot_file(actor: Actor, meeting_id: uuid.UUID, invitation_id: uuid.UUID) -> bytes:
    """The actor's live entry as a calendar file; taking it out of the house is recorded."""
    with transaction() as session:
        meeting = access.load_own_meeting(session, actor, meeting_id, access.Permission.OWN_MEETING)
        entry = invitations.load_own_invitation(session, actor, meeting_id, invitation_id)
        audit.record(
            session,
            actor,
            Entry(
                event=Event.COPY,
                object_kind="invitation",
                object_id=entry.id,
                meeting_id=meeting_id,
                table_id=meeting.table_id,
            ),
        )
        slot = ics.OwnSlot(
            uid=entry.uid,
            sequence=entry.sequence,
            stamp=entry.changed_at,
            starts_at=entry.starts_at,
            ends_at=entry.ends_at,
            summary=title_of(session.get(CaseTable, meeting.table_id)),
            description=description(
                actor.language, letters.address_of(f"/my-meetings/{meeting_id}")
            ),
            location=entry.place,
        )
    return ics.render_download(slot)


@dataclass(frozen=True, slots=True)
class MailLine:
    """One mail in the list."""

    name: str
    date: datetime
    to: str
    subject: str
    method: str


@dataclass(frozen=True, slots=True)
class MailPage:
    """One mail with its calendar part read out, and as it would travel."""

    mail: StoredMail
    event: ReadEvent | None
    source: str


def demo_mails(folder: Path) -> tuple[MailLine, ...]:
    """The newest mails of the demo folder."""
    return tuple(
        MailLine(mail.name, mail.date, mail.to, mail.subject, mail.calendar_method)
        for mail in mailbox.read_folder(folder, limit=MOST_MAILS)
    )


def demo_mail(folder: Path, name: str) -> MailPage | None:
    """One mail of the demo folder; None when there is none of that name."""
    mail = mailbox.read_mail(folder, name)
    if mail is None:
        return None
    return MailPage(
        mail=mail,
        event=ics.read_event(mail.calendar) if mail.calendar else None,
        source=mailbox.read_source(folder, name) or "",
    )
