"""Staff invite a guest for one item: named fields, a reason, and an account that ends with it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, LoadedItem, Permission
from app.access.seats.deputies import end_of_window
from app.access.seats.newcomers import Newcomer, find_or_invite
from app.access.tasks import giving, guests
from app.access.tasks.coming import queue_told
from app.access.tasks.giving import NewTask
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import TaskKind
from app.infra.db import reading, transaction
from app.models import Case, Organisation


@dataclass(frozen=True, slots=True)
class Field:
    """A section a guest may read; ``number`` says of which person concerned."""

    id: uuid.UUID
    label_nl: str
    label_en: str
    source: str
    number: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestPage:
    """The item, of whom a guest may be, and what a guest may read."""

    item_id: uuid.UUID
    meeting_id: uuid.UUID
    reference: str
    starts_at: datetime
    ends_at: datetime
    organisations: tuple[tuple[uuid.UUID, str], ...]
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGuest:
    """Who comes, of which organisation, why, and what is opened."""

    who: Newcomer
    organisation_id: uuid.UUID
    reason: str
    section_ids: Sequence[uuid.UUID]
    opens_question: bool


def read_page(actor: Actor, item_id: uuid.UUID) -> GuestPage:
    """What the form offers; NotVisible for a fixed block or a barred case."""
    with reading() as session:
        loaded, case = _load(session, actor, item_id)
        return GuestPage(
            item_id=item_id,
            meeting_id=loaded.meeting.id,
            reference=case.reference,
            starts_at=loaded.item.starts_at,
            ends_at=loaded.item.ends_at,
            organisations=tuple((one.id, one.name) for one in guests.organisations(session)),
            fields=tuple(
                Field(
                    row.id,
                    row.label_nl,
                    row.label_en,
                    row.source,
                    row.PersonConcerned.position if row.PersonConcerned else None,
                )
                for row in session.execute(giving.fields_of(case))
            ),
        )


def invite(actor: Actor, item_id: uuid.UUID, new: NewGuest) -> uuid.UUID:
    """Give the guest the task of this item; it opens in the window, once it is accepted.

    Refusal as of ``find_or_invite``, VALUE_UNKNOWN, ALREADY_CLOSED, MEETING_CANCELLED.
    """
    with transaction() as session:
        loaded, case = _load(session, actor, item_id)
        if loaded.meeting.cancelled_at is not None:
            raise Refusal(Reason.MEETING_CANCELLED)
        if loaded.meeting.closed_at is not None:
            raise Refusal(Reason.ALREADY_CLOSED)
        known = {row.id for row in session.execute(giving.fields_of(case))}
        if not known.issuperset(new.section_ids):
            raise Refusal(Reason.VALUE_UNKNOWN, "sections")
        organisation = session.get(Organisation, new.organisation_id)
        if organisation is None or organisation.ended_at is not None:
            raise Refusal(Reason.VALUE_UNKNOWN, "organisation")
        end = end_of_window(loaded.meeting)
        person = find_or_invite(
            session, actor, new.who, organisation=organisation, case_id=case.id, ends_at=end
        )
        given = NewTask(
            person_id=person.id,
            organisation_id=organisation.id,
            kind=TaskKind.GUEST,
            reason=new.reason,
            section_ids=tuple(dict.fromkeys(new.section_ids)),
            opens_question=new.opens_question,
            until=end,
            item_id=item_id,
        )
        task = giving.add(session, actor, case, given)
        queue_told(session, task)
        return task.id


def _load(session: Session, actor: Actor, item_id: uuid.UUID) -> tuple[LoadedItem, Case]:
    loaded = access.load_item(session, actor, item_id, Permission.SEAT_ASSIGN)
    if loaded.case is None:
        raise NotVisible
    return loaded, loaded.case
