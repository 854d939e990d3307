"""Notes that a mail goes out: to whom, of what kind and whether it arrived, never a word of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.kinds import MailState
from app.infra import clock
from app.infra.db import transaction
from app.infra.mail import DeliveryFailed
from app.models import MailLog


def note_mail(
    session: Session,
    person_id: uuid.UUID,
    *,
    kind: str,
    identifier: str,
    meeting_id: uuid.UUID | None = None,
) -> None:
    """Write the note before the mail leaves, once per Message-ID: a new try repeats that.

    A note still on its way is of a worker that was killed: whether that mail left nobody knows.
    """
    note = session.scalars(
        select(MailLog).where(MailLog.message_id == identifier).with_for_update()
    ).one_or_none()
    if note is None:
        session.add(
            MailLog(
                at=clock.now(),
                kind=kind,
                person_id=person_id,
                meeting_id=meeting_id,
                message_id=identifier,
                state=MailState.SENDING,
            )
        )
    elif note.state is MailState.SENDING:
        note.state = MailState.UNSURE
    elif note.state is MailState.FAILED:
        note.state = MailState.SENDING


def may_have_arrived(session: Session, person_id: uuid.UUID, entry_id: uuid.UUID) -> set[str]:
    """The Message-IDs of the mails about this calendar entry that arrived, or nobody knows."""
    found = select(MailLog.message_id).where(
        MailLog.person_id == person_id,
        MailLog.state != MailState.FAILED,
        MailLog.message_id.startswith(f"<{entry_id}.", autoescape=True),
    )
    return set(session.scalars(found))


@contextmanager
def following(identifier: str) -> Iterator[None]:
    """Note how the handing over of a noted mail went. What may have been taken stays unsure."""
    try:
        yield
    except DeliveryFailed as failed:
        _mark(identifier, MailState.UNSURE if failed.maybe_taken else MailState.FAILED)
        raise
    _mark(identifier, MailState.SENT)


def _mark(identifier: str, state: MailState) -> None:
    statement = update(MailLog).where(MailLog.message_id == identifier)
    if state is not MailState.SENT:
        statement = statement.where(MailLog.state == MailState.SENDING)
    with transaction() as session:
        session.execute(statement.values(state=state))
