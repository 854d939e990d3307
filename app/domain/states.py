"""Says which state may follow which (domain.md §5); it must never ask who makes the move."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from app.domain.kinds import ActionState, CaseState, MeetingState

S = TypeVar("S", CaseState, MeetingState, ActionState)

# In these nothing is written at a case any more.
SHUT = (CaseState.CLOSED, CaseState.DESTROYED, CaseState.REFUSED)
# In these an action still asks something of its holder.
UNFINISHED = (ActionState.OPEN, ActionState.STARTED)

# While it is judged it may be asked back about and taken up as often as needed; it is closed where
# its referrer withdraws it, or a team takes it over.
_FROM_TRIAGE = frozenset(
    {
        CaseState.IN_TRIAGE,
        CaseState.RETURNED,
        CaseState.REFUSED,
        CaseState.ACCEPTED,
        CaseState.CLOSED,
    }
)

CASE_MOVES: Mapping[CaseState, frozenset[CaseState]] = {
    CaseState.REFERRED: _FROM_TRIAGE,
    CaseState.IN_TRIAGE: _FROM_TRIAGE - {CaseState.IN_TRIAGE},
    # The referrer answered the question asked back, or staff go on without the answer.
    CaseState.RETURNED: _FROM_TRIAGE - {CaseState.RETURNED},
    CaseState.REFUSED: frozenset({CaseState.DESTROYED}),
    # Closed without a meeting where a team took it over, or it is a case that was there already.
    CaseState.ACCEPTED: frozenset({CaseState.ON_AGENDA, CaseState.CLOSED}),
    # Taken off the agenda, or the meeting was cancelled: back to the list.
    CaseState.ON_AGENDA: frozenset({CaseState.DISCUSSED, CaseState.ACCEPTED}),
    CaseState.DISCUSSED: frozenset({CaseState.IN_PROGRESS}),
    # A follow-up is a case in progress that goes back on an agenda.
    CaseState.IN_PROGRESS: frozenset({CaseState.ON_AGENDA, CaseState.CLOSED}),
    CaseState.CLOSED: frozenset({CaseState.DESTROYED}),
    CaseState.DESTROYED: frozenset(),
}

MEETING_MOVES: Mapping[MeetingState, frozenset[MeetingState]] = {
    MeetingState.DRAFT: frozenset({MeetingState.PUBLISHED, MeetingState.CANCELLED}),
    MeetingState.PUBLISHED: frozenset({MeetingState.RUNNING, MeetingState.CANCELLED}),
    MeetingState.RUNNING: frozenset({MeetingState.CLOSED}),
    MeetingState.CLOSED: frozenset({MeetingState.ADOPTED}),
    MeetingState.ADOPTED: frozenset(),
    MeetingState.CANCELLED: frozenset(),
}

# One press takes an action from open to its end; and what was recorded on somebody's behalf may
# be corrected by that person (access.md §2). Lapsed is for staff and final.
_CORRECTABLE = frozenset(ActionState) - {ActionState.LAPSED}

ACTION_MOVES: Mapping[ActionState, frozenset[ActionState]] = {
    ActionState.OPEN: frozenset(ActionState) - {ActionState.OPEN},
    ActionState.STARTED: frozenset(ActionState) - {ActionState.STARTED},
    ActionState.DONE: _CORRECTABLE - {ActionState.DONE},
    ActionState.NOT_POSSIBLE: _CORRECTABLE - {ActionState.NOT_POSSIBLE},
    ActionState.NOT_DONE: _CORRECTABLE - {ActionState.NOT_DONE},
    ActionState.LAPSED: frozenset(),
}


# By kind, not in one table: members of different enums with the same value are equal.
_MOVES: Mapping[type, Mapping[Any, frozenset[Any]]] = {
    CaseState: CASE_MOVES,
    MeetingState: MEETING_MOVES,
    ActionState: ACTION_MOVES,
}


def next_states(state: S) -> frozenset[S]:
    """Return the states that may follow this one."""
    return _MOVES[type(state)][state]


def may_move(state: S, to: S) -> bool:
    """Say whether ``to`` may follow ``state``; staying where one is, is not a move.

    :raises TypeError: the two are states of different things.
    """
    if type(state) is not type(to):
        message = f"{type(state).__name__} cannot become {type(to).__name__}"
        raise TypeError(message)
    return to in next_states(state)


def action_is_overdue(
    due_on: date | None,
    state: ActionState,
    today: date,
    *,
    due_at: datetime | None = None,
    now: datetime | None = None,
) -> bool:
    """Say whether an unfinished action is past its due date; on the day itself it is not.

    One that is due at an hour of that day is late as soon as that hour is over.
    """
    if state not in UNFINISHED or due_on is None:
        return False
    if due_at is not None and now is not None and now > due_at:
        return True
    return today > due_on
