"""Sends what a recipient of a series has still to be told, in the order it was decided.

Each message is asked about again just before it leaves, noted, sent, and only then counted as sent:
a new try after a failure repeats the same Message-ID, UID and SEQUENCE.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.meetings import series as access_series
from app.access.messages import mail_log
from app.domain.kinds import SeriesAudience
from app.domain.recurring import Master
from app.features.calendar.envelope import (
    Envelope,
    moment_of,
    post,
    recipient_of,
)
from app.features.calendar.recurring import read_master
from app.features.calendar.service import CANCEL, REQUEST, active
from app.features.calendar.words import title_of
from app.infra import clock, letters, outbox, reply_address
from app.infra.db import transaction
from app.infra.ics import Invite, Recurrence
from app.infra.letters import About
from app.infra.mail import DeliveryFailed
from app.models import CaseTable, Person, SeriesEntry, SeriesException


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One thing to tell: the rule (``planned_at`` None) or one occurrence."""

    sequence: int
    method: str
    starts_at: datetime
    ends_at: datetime
    place: str
    planned_at: datetime | None = None
    master: Master | None = None


def deliver(entry_id: uuid.UUID) -> None:
    """Send everything not sent yet of one recurring entry, unless the ground for it is gone.

    One worker at a time: `mail.DeliveryFailed` for now where another is busy with this entry.
    """
    while True:
        with transaction() as session:
            if outbox.is_busy_before(session, f"calendar.series_send:{entry_id}:"):
                busy = "another worker is busy with this entry"
                raise DeliveryFailed(busy, temporary=True, code="busy")
            found = _next(session, entry_id)
        if found is None:
            return
        sequence, envelope = found
        post(envelope)
        with transaction() as session:
            _count_sent(session, entry_id, sequence)


def _next(session: Session, entry_id: uuid.UUID) -> tuple[int, Envelope] | None:
    """The first message due and its SEQUENCE; those that may not go any more are passed over.

    What was passed over was not sent: who never got the rule hears of no withdrawal.
    """
    entry = access_series.find_entry(session, entry_id)
    if entry is None:
        return None
    found = access_series.find_series(session, entry.series_id)
    if found is None:
        return None
    _, table = found
    person = session.get_one(Person, entry.person_id)
    for part in _due(session, entry):
        if _may_go(session, entry, part, table):
            return part.sequence, _envelope(session, entry, part, person, table)
    return None


def _due(session: Session, entry: SeriesEntry) -> list[_Part]:
    """What is newer than the last message sent, in order; the rule always before its exceptions."""
    told = read_master(entry.told)
    parts = [_occurrence(one) for one in access_series.exceptions_of(session, entry.id)]
    parts.append(
        _Part(
            sequence=entry.master_sequence,
            method=REQUEST if entry.cancelled_at is None else CANCEL,
            starts_at=told.starts_at,
            ends_at=told.ends_at,
            place=told.place,
            master=told,
        )
    )
    due = [one for one in parts if one.sequence > entry.sent_sequence]
    return sorted(due, key=lambda one: one.sequence)


def _occurrence(row: SeriesException) -> _Part:
    return _Part(
        sequence=row.sequence,
        method=REQUEST if row.cancelled_at is None else CANCEL,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        place=row.place,
        planned_at=row.planned_at,
    )


def _may_go(session: Session, entry: SeriesEntry, part: _Part, table: CaseTable) -> bool:
    """A withdrawal only to whoever may have the entry; anything else only while it is theirs."""
    now = clock.now()
    if part.master is None and (part.ends_at <= now or entry.cancelled_at is not None):
        return False
    if part.method == CANCEL:
        return entry.sent_sequence >= 0 or bool(
            mail_log.may_have_arrived(session, entry.person_id, entry.id)
        )
    actor = active(session, entry.person_id, now)
    audience = access_series.audience_for(session, actor, table, now=now)
    return audience is entry.audience


def _envelope(
    session: Session, entry: SeriesEntry, part: _Part, person: Person, table: CaseTable
) -> Envelope:
    identifier = letters.message_id(entry.id, part.sequence, part.method)
    mail_log.note_mail(
        session,
        person.id,
        kind=f"calendar.series.{part.method.lower()}",
        identifier=identifier,
    )
    url = letters.address_of("/")
    values = {
        "name": person.name,
        "moment": moment_of(part.starts_at),
        "starts_at": part.starts_at,
        "ends_at": part.ends_at,
        "until": part.master.until if part.master else None,
        "place": part.place,
        "serves": entry.audience is SeriesAudience.STAFF,
        "url": url,
    }
    return Envelope(
        event=_event(entry, part),
        recipient=recipient_of(person),
        identifier=identifier,
        about=About(series_id=entry.series_id),
        values=values,
        invite=_invite(entry, part, person, table, url=url),
    )


def _event(entry: SeriesEntry, part: _Part) -> str:
    """The folder of templates/mail with the words for this message."""
    if part.master is None:
        return "invitation_cancelled" if part.method == CANCEL else "invitation_changed"
    if part.method == CANCEL:
        return "series_cancelled"
    if entry.sent_sequence >= 0:
        return "series_changed"
    return "series" if entry.audience is SeriesAudience.STAFF else "series_reserved"


def _invite(
    entry: SeriesEntry, part: _Part, person: Person, table: CaseTable, *, url: str
) -> Invite:
    words = "series_reserved" if entry.audience is SeriesAudience.RESERVATION else "series"
    return Invite(
        uid=entry.uid,
        sequence=part.sequence,
        stamp=entry.changed_at,
        starts_at=part.starts_at,
        ends_at=part.ends_at,
        summary=title_of(table),
        description=letters.line(words, person.language, {"url": url}),
        location=part.place,
        organiser_address=reply_address.organiser_of(entry.uid),
        organiser_name=letters.SENDER_NAME,
        sender_address=reply_address.sender_of(entry.uid),
        recipient_address=person.email,
        recipient_name=person.name,
        method=part.method,
        occurrence_of=part.planned_at,
        recurrence=_recurrence(part.master) if part.method == REQUEST else None,
    )


def _recurrence(master: Master | None) -> Recurrence | None:
    if master is None:
        return None
    return Recurrence(
        rule={
            key: list(value) if isinstance(value, tuple) else value for key, value in master.rule
        },
        until=master.until,
        without=tuple(sorted(master.without)),
    )


def _count_sent(session: Session, entry_id: uuid.UUID, sequence: int) -> None:
    entry = access_series.find_entry(session, entry_id)
    if entry is not None:
        entry.sent_sequence = max(entry.sent_sequence, sequence)
