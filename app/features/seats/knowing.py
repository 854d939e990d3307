"""Whether a person knows anybody concerned privately, asked before the first content of a case.

The names come first, by an act of the person's own; "I know somebody" steps back at once.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import access
from app.access import Actor, Permission, audit
from app.access.seats.acquaintances import (
    ShownIdentity,
    Stage,
    declare,
    identities_of_request,
    identities_of_seat,
    lines_of,
    load_asking_seat,
    stage_of,
)
from app.access.seats.stepping_back import step_back
from app.domain.errors import NotVisible, Reason, Refusal
from app.infra import clock, crypto
from app.infra.db import transaction

NOBODY, SOMEBODY = "nobody", "somebody"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingSeat:
    """An own slot whose item waits for the answer; the identities only while names are shown."""

    seat_id: uuid.UUID
    meeting_id: uuid.UUID
    starts_at: datetime
    ends_at: datetime
    identities: tuple[tuple[str, str], ...]


def read_asking(actor: Actor, seat_id: uuid.UUID, *, with_names: bool) -> AskingSeat:
    """The slot, and with names the identities disclosed to the seat; each of them recorded."""
    with transaction() as session:
        own = load_asking_seat(session, actor, seat_id, Permission.OWN_MEETING)
        shown = identities_of_seat(session, own) if with_names else []
        lines = lines_of(
            shown,
            table_id=own.meeting.table_id,
            meeting_id=own.meeting.id,
            case_id=own.case_id,
        )
        audit.record_all(session, actor, lines)
    texts = crypto.unseal_many([one.text for one in shown])
    return AskingSeat(
        seat_id=own.seat.id,
        meeting_id=own.meeting.id,
        starts_at=own.item.starts_at,
        ends_at=own.item.ends_at,
        identities=tuple((one.mark, text) for one, text in zip(shown, texts, strict=True)),
    )


def answer_at_seat(
    actor: Actor, seat_id: uuid.UUID, answer: str, *, shown: Collection[str]
) -> uuid.UUID:
    """Answer for the case of an own seat; ``shown`` are the identities the person looked at.

    Gives the meeting. An identity disclosed meanwhile stays asked.
    """
    meeting_id: uuid.UUID | None = None
    # Pressed twice at once: the second finds what the first one said.
    with suppress(IntegrityError), transaction() as session:
        own = load_asking_seat(session, actor, seat_id, Permission.SEAT_RECUSE)
        meeting_id = own.meeting.id
        entry = audit.Entry(
            event=audit.Event.AUTHORISE,
            object_kind=_kind(answer),
            object_id=own.seat.id,
            table_id=own.meeting.table_id,
            meeting_id=own.meeting.id,
            item_id=own.item.id,
            case_id=own.case_id,
        )
        opened = identities_of_seat(session, own)
        _keep(session, actor, own.case_id, answer, opened=opened, shown=shown)
        audit.record(session, actor, entry)
    if meeting_id is None:
        raise NotVisible
    return meeting_id


def answer_at_request(
    actor: Actor, request_id: uuid.UUID, answer: str, *, shown: Collection[str]
) -> None:
    """The same answer, given at a request for input before its question opens."""
    with suppress(IntegrityError), transaction() as session:
        own = access.load_own_request(session, actor, request_id, Permission.INPUT_GIVE)
        if stage_of(session, actor, own, now=clock.now()) is not Stage.ACQUAINTANCE:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        entry = audit.Entry(
            event=audit.Event.AUTHORISE,
            object_kind=_kind(answer),
            object_id=own.request.seat_id,
            table_id=own.case.table_id,
            meeting_id=own.item.meeting_id,
            item_id=own.item.id,
            case_id=own.case.id,
        )
        opened = identities_of_request(session, own)
        _keep(session, actor, own.case.id, answer, opened=opened, shown=shown)
        audit.record(session, actor, entry)


def _kind(answer: str) -> str:
    return "recusal" if answer == SOMEBODY else "declaration"


def _keep(
    session: Session,
    actor: Actor,
    case_id: uuid.UUID,
    answer: str,
    *,
    opened: Sequence[ShownIdentity],
    shown: Collection[str],
) -> None:
    if answer == SOMEBODY:
        step_back(session, actor, case_id)
        return
    seen = [one for one in opened if one.mark in shown]
    if answer != NOBODY or not seen:
        raise Refusal(Reason.LOOK_FIRST)
    declare(session, actor.person_id, case_id, seen)
