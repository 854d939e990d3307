"""Who is in the room without a seat at a loaded item; nobody sits, reads or decides by it."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import audit
from app.access.actor import Actor
from app.access.loaders import LoadedItem, load_item
from app.access.meetings.live import seats_at
from app.access.permissions import Permission
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import Ground, RetentionClass
from app.infra import clock, crypto
from app.infra.crypto import KeyScope, Sealed
from app.models import AgendaItem, Bystander


def waiting_at(session: Session, item: AgendaItem) -> list[Bystander]:
    """Those of whom nobody has said yet whether they left or may stay, in order."""
    return list(
        session.scalars(
            select(Bystander)
            .where(Bystander.item_id == item.id, Bystander.settled_at.is_(None))
            .order_by(Bystander.noted_at, Bystander.id)
        )
    )


def refuse_waiting(session: Session, at: LoadedItem) -> None:
    """Refusal GATE_WAITS while somebody is in the room of whom nobody knows the seat.

    A closed meeting has no room any more: what was written down may still be mended.
    """
    if at.meeting.closed_at is not None:
        return
    unknown = (one.lacks_sitter for one in seats_at(session, at.item))
    if waiting_at(session, at.item) or any(unknown):
        raise Refusal(Reason.GATE_WAITS)


def add(session: Session, actor: Actor, item: AgendaItem, case_id: uuid.UUID, name: str) -> None:
    """Note somebody; the name is sealed as part of the case."""
    bystander_id = uuid.uuid4()
    session.add(
        Bystander(
            id=bystander_id,
            item_id=item.id,
            name_ct=seal(case_id, name, belongs_to=f"bystander:{bystander_id}:name"),
            noted_at=clock.now(),
            noted_by_id=actor.person_id,
        )
    )


def load(session: Session, actor: Actor, bystander_id: uuid.UUID) -> tuple[Bystander, LoadedItem]:
    """One that waits, with its item, for staff; held till the end."""
    found = session.get(Bystander, bystander_id, with_for_update=True)
    if found is None:
        raise NotVisible
    loaded = load_item(session, actor, found.item_id, Permission.MEETING_CLOSE)
    if loaded.case is None:
        raise NotVisible
    return found, loaded


def name_of(one: Bystander) -> Sealed:
    """The name as it was noted."""
    return Sealed(one.name_ct, f"bystander:{one.id}:name")


def reading_of(one: Bystander, at: LoadedItem) -> audit.Entry:
    """The line for having read the name of a loaded one."""
    return audit.Entry(
        event=audit.Event.READ, object_kind="bystander", object_id=one.id, ground=Ground.STAFF,
        table_id=at.meeting.table_id, meeting_id=at.meeting.id, item_id=at.item.id,
        case_id=at.case.id if at.case else None,
    )  # fmt: skip


def seal(case_id: uuid.UUID, text: str, *, belongs_to: str) -> bytes:
    """A text about somebody present, under the key of the case."""
    scope = KeyScope.of_case(case_id, RetentionClass.SUMMARY)
    return crypto.seal(scope, text, belongs_to=belongs_to)
