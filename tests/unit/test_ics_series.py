"""A series and its exceptions as they travel: readable in review, equal in two parsers."""

from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from app.domain.rhythm import LAST, Rhythm, RhythmKind, occurrences, rrule
from app.infra.ics import Invite, InviteError, Recurrence, render_invitation
from tests.calendar_readers import read_with_ical_js, read_with_vobject, unfolded
from tests.calendar_samples import REQUEST

GOLDEN = Path(__file__).parent.parent / "golden" / "ics"
FORTNIGHTLY = Rhythm(
    kind=RhythmKind.WEEKLY,
    first_on=date(2027, 3, 2),
    last_on=date(2027, 11, 30),
    start=time(13, 0),
    minutes=120,
    interval=2,
    weekdays=frozenset({1, 3}),
)
RHYTHMS = {
    "fortnightly": FORTNIGHTLY,
    "working days": replace(FORTNIGHTLY, kind=RhythmKind.WORKING_DAYS),
    "every day": replace(FORTNIGHTLY, kind=RhythmKind.EVERY_DAY, start=time(8, 30)),
    "third Tuesday": replace(
        FORTNIGHTLY, kind=RhythmKind.MONTHLY, interval=1, weekdays=frozenset({1}), nth=3
    ),
    "last Friday of every other month": replace(
        FORTNIGHTLY, kind=RhythmKind.MONTHLY, weekdays=frozenset({4}), nth=LAST
    ),
}


def starts(rhythm: Rhythm) -> list:
    return [one.starts_at for one in occurrences(rhythm, {})]


def series(rhythm: Rhythm = FORTNIGHTLY, *, gaps: int = 2, **changes) -> Invite:
    planned = starts(rhythm)
    return replace(
        REQUEST,
        **{
            "starts_at": planned[0],
            "ends_at": planned[0] + timedelta(minutes=rhythm.minutes),
            "recurrence": Recurrence(
                rule=rrule(rhythm), until=planned[-1], without=tuple(planned[3 : 3 + gaps])
            ),
            **changes,
        },
    )


PLANNED = starts(FORTNIGHTLY)
MOVED = replace(
    REQUEST,
    sequence=1,
    starts_at=PLANNED[6] + timedelta(days=1, hours=1),
    ends_at=PLANNED[6] + timedelta(days=1, hours=3),
    occurrence_of=PLANNED[6],
)
FORMS = {
    "series": series(),
    "series-occurrence-moved": MOVED,
    "series-occurrence-moved-again": replace(
        MOVED, sequence=2, starts_at=PLANNED[6], ends_at=PLANNED[6] + timedelta(hours=2)
    ),
    "series-occurrence-cancelled": replace(MOVED, sequence=3, method="CANCEL"),
    "series-ended": series(
        sequence=4, recurrence=Recurrence(rule=rrule(FORTNIGHTLY), until=PLANNED[9])
    ),
    "series-cancelled": series(sequence=5, method="CANCEL", recurrence=None),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_bytes_are_those_of_the_golden_file(form: str) -> None:
    assert render_invitation(FORMS[form]) == (GOLDEN / f"{form}.ics").read_bytes()


@pytest.mark.tools
@pytest.mark.parametrize("form", FORMS)
def test_both_parsers_read_the_same(form: str) -> None:
    data = render_invitation(FORMS[form])
    assert read_with_vobject(data) == read_with_ical_js(data)


@pytest.mark.tools
@pytest.mark.parametrize("rhythm", RHYTHMS.values(), ids=RHYTHMS)
def test_both_parsers_name_every_day_of_the_series_over_both_clock_changes(rhythm: Rhythm) -> None:
    planned = starts(rhythm)
    wanted = [f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in (*planned[:3], *planned[5:])]
    data = render_invitation(series(rhythm))
    assert read_with_vobject(data)["events"][0]["starts"] == wanted
    assert read_with_ical_js(data)["events"][0]["starts"] == wanted


def test_the_end_of_the_rule_is_in_utc_and_the_gaps_are_in_the_zone_of_the_start() -> None:
    lines = unfolded(render_invitation(series()))
    (rule,) = [line for line in lines if line.startswith("RRULE:FREQ=WEEKLY")]
    assert f"UNTIL={PLANNED[-1]:%Y%m%dT%H%M%SZ}" in rule
    assert "EXDATE;TZID=Europe/Amsterdam:20270318T130000,20270330T130000" in lines


def test_one_occurrence_names_its_first_start_and_carries_no_rule() -> None:
    for form in ("series-occurrence-moved", "series-occurrence-cancelled"):
        lines = unfolded(render_invitation(FORMS[form]))
        assert "RECURRENCE-ID;TZID=Europe/Amsterdam:20270413T130000" in lines
        assert not any("RDATE" in line or "EXDATE" in line for line in lines)
        assert [line for line in lines if line.startswith("RRULE:FREQ=WEEKLY")] == []
        assert lines.count("BEGIN:VEVENT") == 1
        assert "CLASS:CONFIDENTIAL" in lines


def test_a_series_of_one_occurrence_and_one_that_ends_before_it_starts_are_refused() -> None:
    with pytest.raises(InviteError):
        series(occurrence_of=PLANNED[0])
    with pytest.raises(InviteError):
        series(starts_at=PLANNED[-1] + timedelta(1), ends_at=PLANNED[-1] + timedelta(2))
