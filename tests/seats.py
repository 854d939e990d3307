"""What the tests of own seats and asked input look up and change behind the pages."""

from datetime import timedelta

from sqlalchemy import select, update

from app.access import Actor, conditions, load_actor
from app.infra import clock
from app.infra.db import reading, transaction
from app.infra.outbox import OutboxRow
from app.models import Acceptance, AuditEvent, InputRequest, SeatHold

UNKNOWN = "00000000-0000-4000-8000-000000000000"


def meeting_path(world) -> str:
    return f"/my-meetings/{world.meeting.id}"


def seat_path(world, act: str) -> str:
    return f"/my-seats/{world.police_seat.id}/{act}"


def change(model, *where, **values) -> None:
    with transaction() as session:
        session.execute(update(model).where(*where).values(**values))


def later(**step) -> None:
    clock._current.advance(timedelta(**step))


def all_of(model, *where) -> list:
    with reading() as session:
        return list(session.scalars(select(model).where(*where)))


def actor_of(who) -> Actor:
    with reading() as session:
        return load_actor(session, who.id, now=clock.now())


def live_hold(seat) -> SeatHold | None:
    found = all_of(SeatHold, SeatHold.seat_id == seat.id, conditions.is_held(clock.now()))
    return found[0] if found else None


def recorded(who, kind: str, event: str) -> int:
    return len(
        all_of(
            AuditEvent,
            AuditEvent.person_id == who.id,
            AuditEvent.object_kind == kind,
            AuditEvent.event == event,
        )
    )


def calendars(world) -> set[str]:
    return {row.payload for row in all_of(OutboxRow, OutboxRow.kind == "calendar.sync")}


def forget_acceptance() -> None:
    with transaction() as session:
        for row in session.scalars(select(Acceptance)):
            session.delete(row)


def stored(request) -> InputRequest:
    return all_of(InputRequest, InputRequest.id == request.id)[0]
