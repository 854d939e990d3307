"""Lists a person may see, as SQL: every list in the product starts from one of these statements.

Features add columns, filters, order and paging to what they get here; they never select a
protected model themselves. Each function notes that access was decided.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, case, exists, false, literal, or_, select

from app.access import action_disclosures, checks, grounds
from app.access import conditions as c
from app.access.actor import Actor
from app.access.walks import from_holds, to_case
from app.domain.kinds import Ground
from app.models import (
    Action,
    AgendaItem,
    Case,
    Decision,
    DecisionAddressee,
    Disclosure,
    InputRequest,
    Meeting,
    Seat,
    SeatHold,
    Section,
)


def staff_meetings(actor: Actor) -> Select[Meeting]:
    """Meetings of the tables the actor serves."""
    checks.note()
    return select(Meeting).where(c.is_staff_table(actor, Meeting.table_id))


def staff_cases(actor: Actor, *, now: datetime) -> Select[Case]:
    """Cases on the lists of the tables the actor serves, minus exclusion and recusal."""
    checks.note()
    return select(Case).where(c.is_staff_table(actor, Case.table_id), c.is_not_barred(actor, now))


def staff_items(actor: Actor, *, now: datetime) -> Select[AgendaItem, Meeting, Case]:
    """Agenda items of tables served. ``Case`` is None for fixed blocks and for barred cases.

    A barred item stays in the list with its times only: the caller shows a closed block.
    """
    checks.note()
    return (
        select(AgendaItem, Meeting, Case)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .outerjoin(
            Case,
            and_(
                Case.id == AgendaItem.case_id,
                Case.table_id == Meeting.table_id,
                c.is_not_barred(actor, now),
            ),
        )
        .where(c.is_staff_table(actor, Meeting.table_id), AgendaItem.removed_at.is_(None))
    )


def _is_served(actor: Actor, now: datetime) -> c.Condition:
    """``Meeting`` is of a table the actor serves, ``Case`` is on its list and does not bar."""
    return and_(
        c.is_staff_table(actor, Meeting.table_id),
        Case.table_id == Meeting.table_id,
        c.is_not_barred(actor, now),
    )


def _is_live_seat() -> c.Condition:
    return and_(AgendaItem.removed_at.is_(None), Seat.removed_at.is_(None))


def staff_seats(actor: Actor, *, now: datetime) -> Select[Seat, AgendaItem, Meeting, Case]:
    """Live seats at the case items of tables served, minus barred cases."""
    checks.note()
    return to_case(select(Seat, AgendaItem, Meeting, Case)).where(
        _is_served(actor, now), _is_live_seat()
    )


def staff_holds(actor: Actor, *, now: datetime) -> Select[SeatHold, Seat, AgendaItem]:
    """All holds, past ones included, of the seats of ``staff_seats``."""
    checks.note()
    return from_holds(SeatHold, Seat, AgendaItem).where(_is_served(actor, now), _is_live_seat())


def staff_disclosures(actor: Actor, *, now: datetime) -> Select[Disclosure, Seat]:
    """Disclosures, withdrawn ones included, of the seats of ``staff_seats``."""
    checks.note()
    at_seats = select(Disclosure, Seat).join(Seat, Seat.id == Disclosure.seat_id)
    return to_case(at_seats).where(_is_served(actor, now))


def staff_requests(actor: Actor, *, now: datetime) -> Select[InputRequest, Seat, AgendaItem]:
    """Input requests at the case items of tables served."""
    checks.note()
    at_seats = select(InputRequest, Seat, AgendaItem).join(Seat, Seat.id == InputRequest.seat_id)
    return to_case(at_seats).where(_is_served(actor, now))


def staff_decisions(actor: Actor, *, now: datetime) -> Select[Decision, AgendaItem]:
    """Decisions at items of tables served; after a move the old table keeps its own minutes."""
    checks.note()
    return (
        select(Decision, AgendaItem)
        .join(AgendaItem, AgendaItem.id == Decision.item_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .join(Case, Case.id == Decision.case_id)
        .where(
            c.is_staff_table(actor, Meeting.table_id),
            Decision.deleted_at.is_(None),
            c.is_not_barred(actor, now),
        )
    )


def staff_actions(actor: Actor, *, now: datetime) -> Select[Action, Case]:
    """Actions of tables served."""
    checks.note()
    return (
        select(Action, Case)
        .join(Case, Case.id == Action.case_id)
        .where(c.is_staff_table(actor, Action.table_id), c.is_not_barred(actor, now))
    )


def own_slots(actor: Actor, *, now: datetime) -> Select[Seat, SeatHold, AgendaItem, Meeting]:
    """The actor's own invited slots: times only. Never shows the case to the caller.

    Holds from the invitation on, before and after the window, for seats held just now.
    """
    checks.note()
    return from_holds(Seat, SeatHold, AgendaItem, Meeting).where(
        c.holds_seat(actor, now),
        c.is_on_agenda(),
        c.is_not_barred(actor, now),
        Seat.invited_at.is_not(None),
        Seat.invited_at <= now,
    )


def open_items(actor: Actor, *, now: datetime) -> Select[AgendaItem, Case, Seat, Meeting]:
    """Items whose content is open to the actor through one seat (ground 1)."""
    checks.note()
    return from_holds(AgendaItem, Case, Seat, Meeting).where(
        c.is_open_seat(actor, now), c.is_not_barred(actor, now)
    )


def own_requests(actor: Actor, *, now: datetime) -> Select[InputRequest, AgendaItem, Case]:
    """Input requests to seats the actor holds: open until answered or the deadline."""
    checks.note()
    return (
        from_holds(InputRequest, AgendaItem, Case)
        .join(InputRequest, InputRequest.seat_id == Seat.id)
        .where(
            c.holds_seat(actor, now),
            c.is_on_agenda(),
            c.has_covenant(now),
            c.is_not_barred(actor, now),
            InputRequest.withdrawn_at.is_(None),
        )
    )


def is_open_request(now: datetime) -> c.Condition:
    """``InputRequest`` still waits: not answered, not withdrawn, deadline not passed."""
    return and_(
        InputRequest.answered_at.is_(None),
        InputRequest.withdrawn_at.is_(None),
        InputRequest.deadline_at > now,
    )


def own_decisions(actor: Actor, *, now: datetime) -> Select[Decision, AgendaItem, Case]:
    """Decisions addressed to a seat the actor holds, from recording on (window C, D and E)."""
    checks.note()
    return (
        from_holds(Decision, AgendaItem, Case)
        .join(DecisionAddressee, DecisionAddressee.seat_id == Seat.id)
        .join(Decision, Decision.id == DecisionAddressee.decision_id)
        .where(c.is_settled_seat(actor, now), Decision.deleted_at.is_(None))
    )


def own_actions(actor: Actor, *, now: datetime) -> Select[Action, Case]:
    """Actions held by the actor, or by its organisation with nobody named.

    Shows the safe text only; see ``sees_full_text``.
    """
    checks.note()
    holder = or_(
        Action.person_id == actor.person_id,
        and_(Action.person_id.is_(None), Action.table_id.in_(actor.representative_table_ids)),
    )
    return (
        select(Action, Case)
        .join(Case, Case.id == Action.case_id)
        .where(
            Action.organisation_id == actor.organisation_id,
            holder,
            c.is_not_barred(actor, now),
        )
    )


def sees_full_text(actor: Actor, *, now: datetime) -> c.Condition:
    """Whether the full text of ``Action`` opens: by a seat, or disclosed to its holder."""
    return or_(sees_by_seat(actor, now=now), action_disclosures.is_open(actor, now))


def sees_by_seat(actor: Actor, *, now: datetime) -> c.Condition:
    """The full text of ``Action`` opens by an own seat at its item, with covenant and acceptance.

    Who was asked to say that it knows nobody has said so.
    """
    return (
        exists()
        .where(
            c.holds_seat(actor, now),
            Seat.item_id == Action.item_id,
            AgendaItem.id == Seat.item_id,
            AgendaItem.removed_at.is_(None),
            Meeting.id == AgendaItem.meeting_id,
            Meeting.cancelled_at.is_(None),
            c.is_published(now),
            c.has_accepted(actor),
            c.knows_nobody(actor, now),
            c.has_covenant(now),
        )
        .correlate(Action)
    )


def visible_sections(
    actor: Actor,
    *,
    now: datetime,
    meeting_id: uuid.UUID | None = None,
    task_id: uuid.UUID | None = None,
) -> Select[Section, Case, Ground]:
    """Sections the actor sees with the ground that opened them (access.md §2).

    With ``meeting_id`` the seat ground counts only that meeting's own seats, and tasks and
    emergency readings, which have pages of their own, do not count. With ``task_id`` nothing counts
    but that task. When the access log names the
    ground, staff wins over source, source over seat, seat over task, task over break-glass.
    """
    checks.note()
    by_staff = c.is_staff_table(actor, Case.table_id)
    by_source = and_(
        Section.source_organisation_id == actor.organisation_id,
        Case.table_id.in_(actor.representative_table_ids),
    )
    by_seat = has_disclosing_seat(actor, now=now, meeting_id=meeting_id)
    opened = [(by_staff, Ground.STAFF), (by_source, Ground.SOURCE), (by_seat, Ground.SEAT)]
    if task_id is not None:
        opened = [(grounds.is_named(actor, now, task_id=task_id), Ground.TASK)]
    elif meeting_id is None:
        opened.append((grounds.is_named(actor, now), Ground.TASK))
        opened.append((grounds.is_broken_open(actor, now), Ground.BREAK_GLASS))
    ground = case(*((by, literal(named.value)) for by, named in opened)).label("ground")
    statement: Select[Any] = (
        select(Section, Case, ground)
        .join(Case, Case.id == Section.case_id)
        .where(
            or_(*(by for by, _ in opened)) if not actor.is_administrator else false(),
            c.is_not_barred(actor, now),
        )
    )
    return statement


def has_disclosing_seat(
    actor: Actor, *, now: datetime, meeting_id: uuid.UUID | None = None
) -> c.Condition:
    """One seat of the actor satisfies every condition of ground 1 for ``Section``.

    Not correlated to the list around it: the database walks from the person's few seats outwards,
    once, instead of once for every section.
    """
    disclosed = (
        from_holds(Disclosure.section_id)
        .join(Disclosure, Disclosure.seat_id == Seat.id)
        .join(Section, and_(Section.id == Disclosure.section_id, Section.case_id == Case.id))
        .where(c.is_open_seat(actor, now), c.is_disclosed(now))
        .correlate(None)
    )
    if meeting_id:
        disclosed = disclosed.where(Meeting.id == meeting_id)
    return Section.id.in_(disclosed)
