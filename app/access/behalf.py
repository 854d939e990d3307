"""On whose behalf a line of the access log was written: the replaced holder and its organisation.

Asked once per unit of work, as its last question, and only of deputies and of acts somebody
recorded for another; it adds to lines and never decides about access.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ScalarSelect, or_, select
from sqlalchemy.orm import Session, aliased

from app.access import audit_chain
from app.access.walks import from_holds
from app.domain.kinds import Ground
from app.models import AgendaItem, Person, Seat, SeatHold


def append(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Write these rows at the end of the log, with on whose behalf each was written."""
    by_seat = [row for row in rows if _asks(row)]
    held = _held(session, by_seat) if by_seat else {}
    for row in by_seat:
        stood_in = _stood_in(row, held[row["case_id"]])
        if stood_in is not None:
            row["on_behalf_of_id"] = stood_in.holder_id
            row["on_behalf_of_organisation_id"] = stood_in.organisation_id
    _add_organisations(session, [row for row in rows if row["on_behalf_of_id"]])
    audit_chain.append(session, rows)


def _asks(row: Mapping[str, Any]) -> bool:
    """What somebody did or read on a seat; where it was done for another says so already."""
    on_seat = row["ground"] == Ground.SEAT.value
    return on_seat and row["case_id"] is not None and row["on_behalf_of_id"] is None


@dataclass(frozen=True, slots=True)
class _Held:
    """A seat somebody holds just now; ``holder_id`` is who has it back, or nobody any more."""

    item_id: uuid.UUID
    meeting_id: uuid.UUID
    is_deputy: bool
    holder_id: uuid.UUID | None
    organisation_id: uuid.UUID


def _held(
    session: Session, rows: Sequence[Mapping[str, Any]]
) -> Mapping[uuid.UUID | None, list[_Held]]:
    """The seats of the one person of these rows, by case."""
    moment = max(row["at"] for row in rows)
    found: dict[uuid.UUID | None, list[_Held]] = defaultdict(list)
    statement = from_holds(
        AgendaItem.case_id,
        AgendaItem.id,
        AgendaItem.meeting_id,
        SeatHold.is_deputy,
        _next_holder().label("holder_id"),
        Seat.organisation_id,
    ).where(
        SeatHold.person_id.in_({row["person_id"] for row in rows}),
        AgendaItem.case_id.in_({row["case_id"] for row in rows}),
        SeatHold.from_at <= moment,
        or_(SeatHold.until_at.is_(None), SeatHold.until_at > moment),
    )
    for case_id, *held in session.execute(statement):
        found[case_id].append(_Held(*held))
    return found


def _next_holder() -> ScalarSelect[uuid.UUID]:
    """Whose the seat is when ``SeatHold`` ends, as in ``deputies``: the person stood in for."""
    after = aliased(SeatHold)
    return (
        select(after.person_id)
        .where(
            after.seat_id == SeatHold.seat_id,
            after.from_at >= SeatHold.until_at,
            after.ended.is_(None),
        )
        .order_by(after.from_at, after.until_at.is_(None), after.until_at)
        .limit(1)
        .correlate(SeatHold)
        .scalar_subquery()
    )


def _stood_in(row: Mapping[str, Any], held: Sequence[_Held]) -> _Held | None:
    """The seat of a line, if it is a deputy's; where an own one fits as well it may be that one."""
    fitting = [
        one
        for one in held
        if row["item_id"] in {None, one.item_id} and row["meeting_id"] in {None, one.meeting_id}
    ]
    return fitting[0] if fitting and all(one.is_deputy for one in fitting) else None


def _add_organisations(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """That of the person just now, where a line does not say it yet."""
    bare = [row for row in rows if row["on_behalf_of_organisation_id"] is None]
    if not bare:
        return
    wanted = select(Person.id, Person.organisation_id).where(
        Person.id.in_({row["on_behalf_of_id"] for row in bare})
    )
    organisations = {row.id: row.organisation_id for row in session.execute(wanted)}
    for row in bare:
        row["on_behalf_of_organisation_id"] = organisations.get(row["on_behalf_of_id"])
