"""Keeps the calendars of the invited in step with their slots, one entry per stretch and person.

It decides what a recipient's calendar must hold and queues one mail per change; it never sends, and
never looks at whose case a slot is.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, load_actor
from app.access.messages import invitations
from app.access.messages.invitations import OwnTime, StoredInvitation
from app.domain.errors import NotVisible
from app.domain.spans import Span, match_spans, spans
from app.infra import calendar_queue, clock, outbox
from app.infra.db import transaction
from app.models import Invitation, InvitationItem, Person

REQUEST = "REQUEST"
CANCEL = "CANCEL"


def synchronise(meeting_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """Make a person's entries of a meeting follow the slots held just now; safe to repeat."""
    now = clock.now()
    with transaction() as session:
        lock_person(session, person_id)
        if calendar_queue.is_waiting(session, calendar_queue.MEETING, meeting_id, person_id):
            return
        actor = active(session, person_id, now)
        time = invitations.own_time(session, actor, meeting_id, now=now) if actor else OwnTime()
        stored = {
            one.invitation.id: one
            for one in invitations.live_invitations(
                session, meeting_id=meeting_id, person_id=person_id
            )
        }
        _Calendar(session, meeting_id, person_id, time, now).follow(stored, _ahead(time, now))


def active(session: Session, person_id: uuid.UUID, now: datetime) -> Actor | None:
    """The recipient as the access rules see it just now; None when the account is not active."""
    try:
        return load_actor(session, person_id, now=now)
    except NotVisible:
        return None


def lock_person(session: Session, person_id: uuid.UUID) -> None:
    """Let two workers follow one person after each other (SQLite writers do so anyway)."""
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))


def _ahead(time: OwnTime, now: datetime) -> list[Span]:
    """The stretches that are not over; nobody gets mail about what is past."""
    return [span for span in spans(time.slots, fixed=time.breaks) if span.ends_at > now]


class _Calendar:
    """The entries of one person for one meeting, inside one transaction."""

    def __init__(
        self,
        session: Session,
        meeting_id: uuid.UUID,
        person_id: uuid.UUID,
        time: OwnTime,
        now: datetime,
    ) -> None:
        self._session = session
        self._meeting_id = meeting_id
        self._person_id = person_id
        self._place = time.place
        self._is_whole = time.is_whole
        self._now = now

    def follow(self, stored: dict[uuid.UUID, StoredInvitation], wanted: list[Span]) -> None:
        """Create, update and cancel until the stored entries equal the wanted stretches."""
        old = {
            key: Span(tuple(one.item_ids), one.invitation.starts_at, one.invitation.ends_at)
            for key, one in stored.items()
        }
        changes = match_spans(old, wanted)
        for key, span in changes.unchanged:
            if stored[key].invitation.place != self._place:
                self._update(stored[key], span)
            else:
                self._span_items(stored[key], span)
        for key, span in changes.moved:
            self._update(stored[key], span)
        for key in changes.ended:
            self._cancel(stored[key].invitation)
        for span in changes.created:
            self._create(span)

    def _create(self, span: Span) -> None:
        made = Invitation(
            id=uuid.uuid4(),
            meeting_id=self._meeting_id,
            person_id=self._person_id,
            uid=str(uuid.uuid4()),
            sequence=0,
            starts_at=span.starts_at,
            ends_at=span.ends_at,
            place=self._place,
            is_whole=self._is_whole,
            changed_at=self._now,
        )
        self._session.add(made)
        if not self._is_whole:
            self._add_items(made.id, span.item_ids)
        self._queue(made, REQUEST)

    def _update(self, stored: StoredInvitation, span: Span) -> None:
        """RFC 5546 2.1.4: a change of time or place raises the sequence, a new text does not."""
        entry = stored.invitation
        entry.sequence += 1
        entry.starts_at, entry.ends_at = span.starts_at, span.ends_at
        entry.place = self._place
        entry.changed_at = self._now
        self._span_items(stored, span)
        self._queue(entry, REQUEST)

    def _cancel(self, entry: Invitation) -> None:
        """The withdrawal carries what the recipient already knows, never a new time or place."""
        if entry.ends_at <= self._now:
            return
        entry.sequence += 1
        entry.changed_at = self._now
        entry.cancelled_at = self._now
        self._queue(entry, CANCEL)

    def _span_items(self, stored: StoredInvitation, span: Span) -> None:
        gone = stored.item_ids - set(span.item_ids)
        invitations.forget_items(self._session, stored.invitation.id, gone)
        self._add_items(stored.invitation.id, set(span.item_ids) - stored.item_ids)

    def _add_items(self, invitation_id: uuid.UUID, item_ids: Iterable[uuid.UUID]) -> None:
        self._session.add_all(
            InvitationItem(invitation_id=invitation_id, item_id=item_id) for item_id in item_ids
        )

    def _queue(self, entry: Invitation, method: str) -> None:
        if entry.sequence:
            outbox.supersede(self._session, f"calendar.send:{entry.id}:")
        outbox.add(
            self._session,
            "calendar.send",
            unique_key=f"calendar.send:{entry.id}:{entry.sequence}:{method}",
            payload={
                "invitation_id": entry.id,
                "meeting_id": entry.meeting_id,
                "person_id": entry.person_id,
                "sequence": entry.sequence,
                "method": method,
            },
        )
