"""What the screen in the room shows: the same for its window and for the miniature of staff.

It reads one item at most, never a case, a person's name or a text that was not pushed.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, exists, literal, or_, select
from sqlalchemy.orm import Session, join

from app.access import checks, of_others
from app.access import conditions as c
from app.access.actor import Actor
from app.domain.errors import NotVisible
from app.domain.item_timer import ItemTimer
from app.domain.kinds import AT_TABLE
from app.infra.crypto import Sealed
from app.models import (
    Acceptance,
    AgendaItem,
    Case,
    CaseTable,
    Meeting,
    Organisation,
    ProjectedLine,
    Projection,
    RoomScreen,
    Seat,
    SeatHold,
    SpokenAcceptance,
)


@dataclass(frozen=True, slots=True)
class RoomSeat:
    """An organisation at the item by its code, and whether somebody sits there."""

    code: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class RoomLine:
    """A pushed sentence; of an action or of a decision."""

    id: uuid.UUID
    decision_id: uuid.UUID | None
    action_id: uuid.UUID | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomItem:
    """The item the room sees."""

    ends_at: datetime
    seconds_left: int
    is_paused: bool
    seats: tuple[RoomSeat, ...]
    accepted: int
    lines: tuple[RoomLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomView:
    """The whole screen; without an item it holds the name of the table and the time."""

    table_name: str
    now: datetime
    item: RoomItem | None
    is_covered: bool

    def line_of(self, source_id: uuid.UUID) -> RoomLine | None:
        """The sentence on the screen of a decision or an action."""
        lines = self.item.lines if self.item is not None else ()
        return next((one for one in lines if source_id in (one.decision_id, one.action_id)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomRead:
    """The same before its sentences are opened."""

    table_name: str
    now: datetime
    timer: ItemTimer | None
    is_covered: bool
    seats: tuple[RoomSeat, ...]
    accepted: int
    lines: tuple[tuple[RoomLine, Sealed], ...]

    @property
    def sealed(self) -> list[Sealed]:
        """The sentences, in the order ``opened`` takes their texts."""
        return [sealed for _, sealed in self.lines]

    def state(self, *also: str) -> str:
        """A tag of what can be seen, and of nothing else; the running of clocks is not in it."""
        parts = [self.table_name, f"{self.now:%Y%m%d}", *also]
        if self.timer is not None:
            ends_at = "" if self.timer.is_paused else self.timer.ends_at(self.now).isoformat()
            left = self.timer.seconds_left(self.now) if self.timer.is_paused else ""
            parts += [ends_at, str(left), str(self.accepted)]
            parts += [f"{one.code}{'+' if one.is_here else '-'}" for one in self.seats]
            parts += [str(one.id) for one, _ in self.lines]
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]

    def opened(self, texts: Iterator[str]) -> RoomView:
        """The screen with its sentences."""
        lines = tuple(
            RoomLine(one.id, one.decision_id, one.action_id, next(texts)) for one, _ in self.lines
        )
        return RoomView(
            table_name=self.table_name,
            now=self.now,
            item=self._item(self.timer, lines) if self.timer is not None else None,
            is_covered=self.is_covered,
        )

    def _item(self, timer: ItemTimer, lines: tuple[RoomLine, ...]) -> RoomItem:
        return RoomItem(
            ends_at=timer.ends_at(self.now),
            seconds_left=timer.seconds_left(self.now),
            is_paused=timer.is_paused,
            seats=self.seats,
            accepted=self.accepted,
            lines=lines,
        )


def read_for_window(session: Session, token_hash: str, *, now: datetime) -> RoomRead | None:
    """What a paired window shows; None once it ended. Two statements, row security as PROJECTION.

    Who is signed in plays no role: a window belongs to nobody. It stays empty at an item whose case
    bars who made it, or that person would read there what no page of theirs shows.
    """
    about = and_(Projection.meeting_id == Meeting.id, is_live_window(now))
    its_maker_may = of_others.is_not_barred(Projection.made_by_id, AgendaItem.case_id, now)
    window = _screen(
        literal(value=True),
        of=join(Meeting, Projection, about),
        shown_if=and_(its_maker_may, _is_at_table()),
    )
    return _read(session, window.where(Projection.token_hash == token_hash), now)


def read_for_staff(session: Session, actor: Actor, meeting: Meeting, *, now: datetime) -> RoomRead:
    """The miniature for staff of a loaded meeting, in one statement and without the seats.

    Of a case barred to them it shows the time only.
    """
    checks.note()
    may_see = and_(c.is_not_barred(actor, now, case_id=AgendaItem.case_id), _is_at_table())
    statement = _screen(may_see).where(Meeting.id == meeting.id)
    found = _read(session, statement, now, with_seats=False)
    if found is None:
        raise NotVisible
    return found


def is_live_window(now: datetime) -> c.Condition:
    """``Projection`` is paired and goes on at ``now``, and so do ``Meeting`` and who made it.

    A window lasts no longer than its maker serves the table.
    """
    return and_(
        of_others.serves_meeting(Projection.made_by_id, now),
        Projection.paired_at.is_not(None),
        Projection.ended_at.is_(None),
        Projection.until_at > now,
        Meeting.closed_at.is_(None),
        Meeting.cancelled_at.is_(None),
    )


def _is_at_table() -> c.Condition:
    """The case of ``AgendaItem`` is still on the list of the table of ``Meeting``."""
    return or_(
        AgendaItem.case_id.is_(None),
        exists().where(Case.id == AgendaItem.case_id, Case.table_id == Meeting.table_id),
    )


def _screen(
    may_see: Any,  # noqa: ANN401 - a condition
    *,
    of: Any = Meeting,  # noqa: ANN401 - where the statement begins
    shown_if: Any = None,  # noqa: ANN401 - a condition
) -> Select[*tuple[Any, ...]]:
    is_shown = and_(
        c.always() if shown_if is None else shown_if,
        AgendaItem.id == RoomScreen.item_id,
        RoomScreen.is_blank.is_(False),
        AgendaItem.opened_at.is_not(None),
        AgendaItem.closed_at.is_(None),
        AgendaItem.removed_at.is_(None),
    )
    is_on_screen = and_(
        ProjectedLine.item_id == AgendaItem.id,
        ProjectedLine.meeting_id == Meeting.id,
        ProjectedLine.taken_away_at.is_(None),
        may_see,
    )
    return (
        select(
            CaseTable.name.label("table_name"),
            Meeting.id.label("meeting_id"),
            RoomScreen.item_id.label("chosen_id"),
            AgendaItem,
            may_see.label("may_see"),
            ProjectedLine.id.label("line_id"),
            ProjectedLine.decision_id,
            ProjectedLine.action_id,
            ProjectedLine.text_ct,
        )
        .select_from(of)
        .join(CaseTable, CaseTable.id == Meeting.table_id)
        .outerjoin(RoomScreen, RoomScreen.meeting_id == Meeting.id)
        .outerjoin(AgendaItem, is_shown)
        .outerjoin(ProjectedLine, is_on_screen)
        .order_by(ProjectedLine.pushed_at, ProjectedLine.id)
    )


def _read(
    session: Session,
    statement: Select[*tuple[Any, ...]],
    now: datetime,
    *,
    with_seats: bool = True,
) -> RoomRead | None:
    rows = session.execute(statement).all()
    if not rows:
        return None
    first = rows[0]
    item: AgendaItem | None = first.AgendaItem
    shows = item is not None and first.may_see
    wanted = item if shows and with_seats else None
    seated = list(_seated(session, wanted, first.meeting_id, now)) if wanted is not None else []
    return RoomRead(
        table_name=first.table_name,
        now=now,
        timer=timer_of(item) if item is not None else None,
        is_covered=item is None and first.chosen_id is not None,
        seats=tuple(RoomSeat(code, presence in AT_TABLE) for code, presence, _ in seated),
        accepted=sum(bool(accepted) for _, _, accepted in seated),
        lines=tuple(_lines(rows)) if shows else (),
    )


def timer_of(item: AgendaItem) -> ItemTimer | None:
    """The timer of an item; None until it is taken up."""
    if item.opened_at is None:
        return None
    return ItemTimer(
        opened_at=item.opened_at,
        minutes=item.minutes,
        extra_minutes=item.extra_minutes,
        paused_seconds=item.paused_seconds,
        paused_at=item.paused_at,
    )


def _lines(rows: Sequence[Row[*tuple[Any, ...]]]) -> Iterator[tuple[RoomLine, Sealed]]:
    for row in rows:
        if row.line_id is not None:
            line = RoomLine(row.line_id, row.decision_id, row.action_id, "")
            yield line, Sealed(row.text_ct, line_binding(row.line_id))


def line_binding(line_id: uuid.UUID) -> str:
    """What binds a pushed sentence to its row."""
    return f"projected_line:{line_id}:text"


def _seated(
    session: Session, item: AgendaItem, meeting_id: uuid.UUID, now: datetime
) -> Iterable[Row[*tuple[Any, ...]]]:
    """Code, presence and acceptance per seat the others at the item may know of."""
    own = and_(Acceptance.person_id == SeatHold.person_id, Acceptance.meeting_id == meeting_id)
    spoken = and_(
        SpokenAcceptance.person_id == SeatHold.person_id,
        SpokenAcceptance.meeting_id == meeting_id,
    )
    return session.execute(
        select(
            Organisation.code,
            Seat.presence,
            or_(exists().where(own), exists().where(spoken)).label("accepted"),
        )
        .select_from(Seat)
        .join(Organisation, Organisation.id == Seat.organisation_id)
        .outerjoin(SeatHold, and_(SeatHold.seat_id == Seat.id, c.is_held(now)))
        .where(
            Seat.item_id == item.id,
            Seat.removed_at.is_(None),
            Seat.is_proposed.is_(False),
            Seat.is_staff_only.is_(False),
        )
        .order_by(Organisation.code, Seat.id)
    )
