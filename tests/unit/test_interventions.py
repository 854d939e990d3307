"""Due by the hour, and the order of interventions: what the domain says of them."""

from datetime import UTC, date, datetime

import pytest

from app.domain.agenda import Direction
from app.domain.capture import Answers, Around, Candidate, Question, read_line
from app.domain.interventions import chain_of, moved
from app.domain.kinds import ActionState, Chain, OrganisationKind
from app.domain.states import action_is_overdue

# 21.30 in the Netherlands.
NOW = datetime(2026, 6, 1, 19, 30, 45, tzinfo=UTC)
TODAY = date(2026, 6, 1)
SEAT = Candidate(seat_id=None, code="POL", organisation="Politie", person="A. Yilmaz")


def read(line: str, now=NOW, **answers):
    return read_line(line, Around(today=TODAY, now=now, seats=(SEAT,)), Answers(**answers))


@pytest.mark.parametrize(
    ("typed", "due_on", "due_at"),
    [
        ("+2u", TODAY, datetime(2026, 6, 1, 21, 30, tzinfo=UTC)),
        ("+4uur", date(2026, 6, 2), datetime(2026, 6, 1, 23, 30, tzinfo=UTC)),
        ("+24h", date(2026, 6, 2), datetime(2026, 6, 2, 19, 30, tzinfo=UTC)),
        ("+1d", date(2026, 6, 2), None),
    ],
)
def test_a_line_is_due_in_hours_or_in_days(typed, due_on, due_at):
    found = read(f"Bel terug @POL >{typed}.")
    assert (found.due_on, found.due_at, found.text) == (due_on, due_at, "Bel terug")


def test_without_a_moment_or_with_another_answer_no_hour_is_meant():
    assert read("Bel terug @POL >+4u", now=None).text == "Bel terug >+4u"
    assert read("Bel @POL >+4u >+1d").questions == (Question.ONE_DATE,)
    answered = read("Bel @POL >+4u >+1d", due_on=date(2026, 6, 3))
    assert (answered.due_on, answered.due_at) == (date(2026, 6, 3), None)


def test_late_is_the_hour_where_there_is_one_and_else_the_day_after():
    def late(state=ActionState.OPEN, day=TODAY, at=None) -> bool:
        return action_is_overdue(day, state, TODAY, due_at=at, now=NOW)

    before, after = (
        datetime(2026, 6, 1, 19, 30, tzinfo=UTC),
        datetime(2026, 6, 1, 19, 31, tzinfo=UTC),
    )
    assert late(at=before)
    assert not late(at=after)
    assert not late(at=before, state=ActionState.DONE)
    assert late(day=date(2026, 5, 31))
    assert not late()


def test_an_organisation_acts_in_its_chain_and_a_step_moves_one_place():
    assert chain_of(OrganisationKind.PROBATION) is Chain.JUSTICE
    assert chain_of(OrganisationKind.VEILIG_THUIS) is Chain.CARE
    assert moved("abc", "b", Direction.UP) == ["b", "a", "c"]
    assert moved("abc", "b", Direction.DOWN) == ["a", "c", "b"]
    assert moved("abc", "a", Direction.UP) == ["a", "b", "c"]
