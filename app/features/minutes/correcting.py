"""Correcting and approving one's own part of the minutes, as somebody who sat at the item."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, audit
from app.access.records import adoption, corrections
from app.access.records.corrections import OwnCorrection, OwnItem
from app.domain.errors import Reason, Refusal
from app.domain.kinds import Ground, RetentionClass
from app.infra import clock, crypto
from app.infra.crypto import KeyScope
from app.infra.db import transaction
from app.models import Correction, ItemApproval


@dataclass(frozen=True, slots=True)
class Said:
    """A correction of one's own, with what staff answered."""

    text: str
    answer: str
    is_taken_over: bool | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """An item of the own extract that may be corrected, or was."""

    item_id: uuid.UUID
    reference: str
    is_open: bool
    is_approved: bool
    said: tuple[Said, ...]


def own_reactions(actor: Actor, meeting_id: uuid.UUID) -> tuple[Reaction, ...]:
    """What the actor may say, and said, about the items at which it sat."""
    with transaction() as session:
        items = corrections.own_items(session, actor, meeting_id, now=clock.now())
        said = corrections.own_corrections(session, actor, [one.item.id for one in items])
        where = {one.item.id: one for one in items}
        lines = [_line(where[one.item_id], "correction", one.id) for one in said]
        audit.record_all(session, actor, lines)
    opened = crypto.unseal_many([text for one in said for text in (one.text, one.answer)])
    pairs = zip(said, opened[::2], opened[1::2], strict=True)
    read = [(one.item_id, _said(one, text, answer)) for one, text, answer in pairs]
    return tuple(
        Reaction(
            item_id=one.item.id,
            reference=one.case.reference,
            is_open=one.is_open,
            is_approved=one.is_approved,
            said=tuple(line for item_id, line in read if item_id == one.item.id),
        )
        for one in items
    )


def _said(one: OwnCorrection, text: str, answer: str) -> Said:
    return Said(text, answer, one.is_taken_over, one.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionPage:
    """The item a correction is about, and until when it can be made."""

    meeting_id: uuid.UUID
    starts_at: datetime
    reference: str
    until_at: datetime | None


def correction_page(actor: Actor, meeting_id: uuid.UUID, item_id: uuid.UUID) -> CorrectionPage:
    """The page to write a correction on."""
    with transaction() as session:
        at = corrections.load_open_item(session, actor, meeting_id, item_id, now=clock.now())
        return CorrectionPage(
            meeting_id=meeting_id,
            starts_at=at.meeting.starts_at,
            reference=at.case.reference,
            until_at=adoption.ends_at(at.meeting, at.item),
        )


def correct(actor: Actor, meeting_id: uuid.UUID, item_id: uuid.UUID, text: str) -> None:
    """Say what is wrong; an approval given before no longer counts."""
    if not text.strip():
        raise Refusal(Reason.VALUE_MISSING, "text")
    now = clock.now()
    with transaction() as session:
        at = _held(session, actor, meeting_id, item_id, now)
        key = uuid.uuid4()
        scope = KeyScope.of_case(at.case.id, RetentionClass.DECISIONS)
        session.add(
            Correction(
                id=key,
                item_id=item_id,
                case_id=at.case.id,
                person_id=actor.person_id,
                organisation_id=actor.organisation_id,
                text_ct=crypto.seal(scope, text, belongs_to=f"correction:{key}:text"),
                at=now,
            )
        )
        corrections.take_back_approval(session, actor, item_id)
        audit.record(session, actor, _line(at, "correction", key, event=audit.Event.ADD))


def approve(actor: Actor, meeting_id: uuid.UUID, item_id: uuid.UUID) -> None:
    """Approve the minutes of one item as they read now; a second time changes nothing."""
    now = clock.now()
    with transaction() as session:
        at = _held(session, actor, meeting_id, item_id, now)
        if at.is_approved:
            return
        session.add(ItemApproval(item_id=item_id, person_id=actor.person_id, at=now))
        audit.record(session, actor, _line(at, "approval", item_id, event=audit.Event.ADD))


def _held(
    session: Session, actor: Actor, meeting_id: uuid.UUID, item_id: uuid.UUID, now: datetime
) -> OwnItem:
    """The item, with its meeting held so that nobody adopts meanwhile; asked again after that."""
    at = corrections.load_open_item(session, actor, meeting_id, item_id, now=now)
    session.refresh(at.meeting, with_for_update=True)
    session.refresh(at.item)
    return corrections.load_open_item(session, actor, meeting_id, item_id, now=clock.now())


def _line(
    at: OwnItem, kind: str, object_id: uuid.UUID, *, event: audit.Event = audit.Event.READ
) -> audit.Entry:
    return audit.Entry(
        event=event,
        object_kind=kind,
        object_id=object_id,
        ground=Ground.SEAT,
        table_id=at.meeting.table_id,
        meeting_id=at.meeting.id,
        item_id=at.item.id,
        case_id=at.case.id,
    )
