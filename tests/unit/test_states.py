from datetime import date, timedelta
from itertools import pairwise

import pytest

from app.domain.kinds import ActionState, CaseState, MeetingState
from app.domain.states import action_is_overdue, may_move, next_states

C, M, A = CaseState, MeetingState, ActionState
TODAY = date(2026, 12, 1)

CASE_PATHS = [
    [
        C.REFERRED,
        C.IN_TRIAGE,
        C.ACCEPTED,
        C.ON_AGENDA,
        C.DISCUSSED,
        C.IN_PROGRESS,
        C.CLOSED,
        C.DESTROYED,
    ],
    [C.IN_TRIAGE, C.RETURNED, C.IN_TRIAGE],
    [C.IN_TRIAGE, C.REFUSED, C.DESTROYED],
    *(
        [state, to]
        for state in (C.REFERRED, C.IN_TRIAGE, C.RETURNED)
        for to in (C.IN_TRIAGE, C.RETURNED, C.REFUSED, C.ACCEPTED, C.CLOSED)
        if state is not to
    ),
    [C.ACCEPTED, C.CLOSED],
    [C.IN_PROGRESS, C.ON_AGENDA, C.ACCEPTED],
]
MEETING_PATHS = [
    [M.DRAFT, M.PUBLISHED, M.RUNNING, M.CLOSED, M.ADOPTED],
    [M.DRAFT, M.CANCELLED],
    [M.PUBLISHED, M.CANCELLED],
]
LIVE = [A.OPEN, A.STARTED, A.DONE, A.NOT_POSSIBLE, A.NOT_DONE]
ACTION_MOVES = {(a, b) for a in LIVE for b in LIVE if a is not b} | {
    (A.OPEN, A.LAPSED),
    (A.STARTED, A.LAPSED),
}


def moves_of(paths):
    return {pair for path in paths for pair in pairwise(path)}


@pytest.mark.parametrize(
    ("kind", "allowed"),
    [(C, moves_of(CASE_PATHS)), (M, moves_of(MEETING_PATHS)), (A, ACTION_MOVES)],
)
def test_exactly_the_written_moves_are_allowed(kind, allowed):
    found = {(state, to) for state in kind for to in kind if may_move(state, to)}
    assert found == allowed
    assert all(next_states(state) == {to for at, to in allowed if at is state} for state in kind)


def test_states_of_different_things_are_never_mixed_up():
    assert M.CLOSED == C.CLOSED
    assert next_states(M.CLOSED) == {M.ADOPTED}
    assert next_states(C.CLOSED) == {C.DESTROYED}
    with pytest.raises(TypeError, match="cannot become"):
        may_move(M.CLOSED, C.DESTROYED)


@pytest.mark.parametrize("state", list(A))
def test_only_an_unfinished_action_is_overdue_and_only_after_its_day(state):
    unfinished = state in (A.OPEN, A.STARTED)
    assert action_is_overdue(TODAY - timedelta(days=1), state, TODAY) is unfinished
    assert not action_is_overdue(TODAY, state, TODAY)
    assert not action_is_overdue(None, state, TODAY)
