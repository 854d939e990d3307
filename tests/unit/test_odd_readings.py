"""What stands out in the log: night on a Dutch clock, outside the papers, absent, many in an hour."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.kinds import Ground, OddReading, PresenceState
from app.domain.odd_readings import MeetingSpan, OneReading, distinct_before, is_night, marks_of

START = datetime(2026, 6, 15, 11, 0, tzinfo=UTC)
END = START + timedelta(hours=3)
PAPERS = (START - timedelta(days=7), END + timedelta(days=7))
MEETING = MeetingSpan(START, END, *PAPERS)


@pytest.mark.parametrize(
    ("moment", "night"),
    [
        # Summer: two hours ahead of UTC.
        ("2026-07-01T19:59:59", False),
        ("2026-07-01T20:00:00", True),
        ("2026-07-02T03:59:59", True),
        ("2026-07-02T04:00:00", False),
        # Winter: one.
        ("2026-12-01T20:59:59", False),
        ("2026-12-01T21:00:00", True),
        ("2026-12-02T04:59:59", True),
        ("2026-12-02T05:00:00", False),
        # The night that is an hour longer, both times half past two, and its end.
        ("2026-10-25T00:30:00", True),
        ("2026-10-25T01:30:00", True),
        ("2026-10-25T04:00:00", True),
        ("2026-10-25T05:00:00", False),
        # The night that is an hour shorter.
        ("2026-03-28T20:59:59", False),
        ("2026-03-28T21:00:00", True),
        ("2026-03-29T03:59:59", True),
        ("2026-03-29T04:00:00", False),
    ],
)
def test_night_is_from_ten_to_six_on_a_dutch_clock(moment: str, night: bool) -> None:
    assert is_night(datetime.fromisoformat(moment).replace(tzinfo=UTC)) is night


@pytest.mark.parametrize(
    ("at", "ground", "more", "marks"),
    [
        (START, Ground.SEAT, {}, ()),
        (PAPERS[0], Ground.SEAT, {}, ()),
        (PAPERS[1], Ground.SEAT, {}, (OddReading.OUTSIDE_MEETING,)),
        (PAPERS[1], Ground.SEAT, {"object_kind": "decision"}, ()),
        (PAPERS[1], Ground.STAFF, {}, (OddReading.OUTSIDE_MEETING,)),
        (START - timedelta(days=60), Ground.STAFF, {}, ()),
        (PAPERS[1], Ground.STAFF, {"meetings": ()}, ()),
        (START, Ground.SEAT, {"presence": PresenceState.ABSENT}, (OddReading.NOT_PRESENT,)),
        (PAPERS[0], Ground.SEAT, {"presence": PresenceState.ABSENT}, ()),
        (START, Ground.SEAT, {"cases_in_hour": 10}, ()),
        (START, Ground.SEAT, {"cases_in_hour": 11}, (OddReading.MANY_CASES,)),
        (START, Ground.TASK, {"presence": PresenceState.ABSENT}, ()),
    ],
)
def test_each_mark_has_its_bounds(at, ground, more, marks) -> None:
    usual = {"object_kind": "section", "meetings": (MEETING,), "presence": None, "cases_in_hour": 1}
    assert marks_of(OneReading(at=at, ground=ground, **(usual | more)), most_cases=10) == marks


def test_an_hour_holds_its_last_moment_and_not_its_first() -> None:
    seen = [(START - timedelta(hours=1), "a"), (START - timedelta(minutes=59), "b"), (START, "b")]
    assert distinct_before(seen, START) == {"b"}
