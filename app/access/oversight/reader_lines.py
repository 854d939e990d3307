"""Turns lines of the access log into "who opened what, on which seat, and does it stand out".

Only for lines a scope of ``readers`` gave; four statements whatever the number of lines.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.oversight.readers import OPENED, sees_staff_only
from app.access.walks import from_holds
from app.domain.kinds import Ground, OddReading, PresenceState
from app.domain.odd_readings import HOUR, MeetingSpan, OneReading, distinct_before, marks_of
from app.models import AgendaItem, AuditEvent, Meeting, Organisation, Seat, SeatHold


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One line as it is shown; ``person`` is empty for the product itself.

    ``is_hidden``: on a seat only staff know of, so neither name nor organisation is said.
    ``seat`` is the organisation whose seat it was, ``meeting_at`` the start of its meeting.
    ``replaced`` is on whose behalf, of ``replaced_at``: both of the time of the reading.
    """

    at: datetime
    person: str
    organisation: str
    is_hidden: bool
    event: str
    object_kind: str
    ground: Ground | None
    case_id: uuid.UUID
    reference: str
    table: str
    label_nl: str
    label_en: str
    outcome: str
    seat: str
    meeting_at: datetime | None
    replaced: str
    replaced_at: str
    odd: tuple[OddReading, ...]


@dataclass(frozen=True, slots=True)
class _Held:
    """One stretch of somebody on a seat at a case."""

    from_at: datetime
    until_at: datetime | None
    meeting_id: uuid.UUID
    meeting_at: datetime
    organisation: str
    is_staff_only: bool
    presence: PresenceState | None

    def fits(self, line: AuditEvent) -> bool:
        """Whether the line was written from this seat."""
        at_seat = self.from_at <= line.at and (self.until_at is None or line.at < self.until_at)
        return at_seat and line.meeting_id in {None, self.meeting_id}


# The grounds on which somebody reads who may sit at the case.
BY_PERSON: Final = frozenset({Ground.SEAT.value, Ground.TASK.value})
Pair = tuple[uuid.UUID | None, uuid.UUID | None]


def readings_of(
    session: Session, actor: Actor, rows: Sequence[Any], *, most_cases: int
) -> list[Reading]:
    """The lines with seat and marks; ``most_cases`` in an hour are usual."""
    lines = [row.AuditEvent for row in rows]
    held = _holds(session, lines)
    meetings = _meetings(session, lines)
    seen = _seen(session, lines)
    found = []
    for row in rows:
        line = row.AuditEvent
        seat = _seat_of(line, held)
        one = OneReading(
            at=line.at,
            ground=Ground(line.ground) if line.ground else None,
            object_kind=line.object_kind,
            meetings=meetings[line.case_id],
            presence=seat.presence if seat else None,
            cases_in_hour=len(distinct_before(seen[line.person_id], line.at)),
        )
        own = line.organisation_id == actor.organisation_id
        # Whoever once sat where only staff know is named nowhere in that case, by task neither.
        staff_only = any(one.is_staff_only for one in held[line.person_id, line.case_id])
        hidden = staff_only and not sees_staff_only(actor, row.table_id) and not own
        found.append(_reading(row, one, seat, hidden=hidden, most_cases=most_cases))
    return found


def _reading(
    row: Any,  # noqa: ANN401 - a joined row
    one: OneReading,
    seat: _Held | None,
    *,
    hidden: bool,
    most_cases: int,
) -> Reading:
    line = row.AuditEvent
    return Reading(
        at=line.at,
        person="" if hidden else line.person_name,
        organisation="" if hidden else row.organisation or "",
        is_hidden=hidden,
        event=line.event,
        object_kind=line.object_kind,
        ground=one.ground,
        case_id=line.case_id,
        reference=row.reference or "",
        table=row.table or "",
        label_nl=row.label_nl or "",
        label_en=row.label_en or "",
        outcome=line.outcome,
        seat=seat.organisation if seat and not hidden else "",
        meeting_at=seat.meeting_at if seat else None,
        replaced="" if hidden else row.replaced or "",
        replaced_at="" if hidden else row.replaced_at or "",
        odd=marks_of(one, most_cases=most_cases),
    )


def _seat_of(line: AuditEvent, held: dict[Pair, list[_Held]]) -> _Held | None:
    if line.ground != Ground.SEAT.value:
        return None
    fitting = (one for one in held[line.person_id, line.case_id] if one.fits(line))
    return min(fitting, key=lambda one: abs(one.meeting_at - line.at), default=None)


def _holds(session: Session, lines: Sequence[AuditEvent]) -> dict[Pair, list[_Held]]:
    by_seat = [line for line in lines if line.ground in BY_PERSON]
    found: dict[Pair, list[_Held]] = defaultdict(list)
    if not by_seat:
        return found
    rows = session.execute(
        from_holds(SeatHold, Seat, AgendaItem, Meeting)
        .join(Organisation, Organisation.id == Seat.organisation_id)
        .add_columns(Organisation.name)
        .where(
            SeatHold.person_id.in_({line.person_id for line in by_seat}),
            AgendaItem.case_id.in_({line.case_id for line in by_seat}),
        )
    )
    for hold, seat, item, meeting, organisation in rows:
        found[hold.person_id, item.case_id].append(
            _Held(
                hold.from_at,
                hold.until_at,
                meeting.id,
                meeting.starts_at,
                organisation,
                seat.is_staff_only,
                seat.presence,
            )
        )
    return found


def _meetings(
    session: Session, lines: Sequence[AuditEvent]
) -> dict[uuid.UUID | None, list[MeetingSpan]]:
    found: dict[uuid.UUID | None, list[MeetingSpan]] = defaultdict(list)
    rows = session.execute(
        select(AgendaItem.case_id, Meeting)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(
            AgendaItem.case_id.in_({line.case_id for line in lines}),
            AgendaItem.removed_at.is_(None),
            Meeting.cancelled_at.is_(None),
        )
    )
    for case_id, meeting in rows:
        found[case_id].append(
            MeetingSpan(meeting.starts_at, meeting.ends_at, meeting.opens_at, meeting.closes_at)
        )
    return found


def _seen(
    session: Session, lines: Sequence[AuditEvent]
) -> dict[uuid.UUID | None, list[tuple[datetime, uuid.UUID]]]:
    """Which cases each person of these lines opened in the hour before any of them."""
    found: dict[uuid.UUID | None, list[tuple[datetime, uuid.UUID]]] = defaultdict(list)
    moments = {(line.person_id, line.at) for line in lines if line.person_id}
    if not moments:
        return found
    rows = session.execute(
        select(AuditEvent.person_id, AuditEvent.at, AuditEvent.case_id)
        .where(
            AuditEvent.event.in_(OPENED),
            AuditEvent.case_id.is_not(None),
            or_(
                *(
                    and_(
                        AuditEvent.person_id == person_id,
                        AuditEvent.at > at - HOUR,
                        AuditEvent.at <= at,
                    )
                    for person_id, at in moments
                )
            ),
        )
        .distinct()
    )
    for person_id, at, case_id in rows:
        if case_id is not None:
            found[person_id].append((at, case_id))
    return found
