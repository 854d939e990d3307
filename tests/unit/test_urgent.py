"""The templates of urgent meetings, and when one starts."""

from datetime import UTC, datetime, time, timedelta

import pytest

from app.domain.errors import Reason, Refusal
from app.domain.kinds import DiscussionKind, OrganisationKind, TableKind
from app.domain.urgent import TEMPLATES, StartsIn, UrgentKind, kinds_of, start_of

# Monday 1 June 2026, 22.10 in the Netherlands, and a bit.
LATE = datetime(2026, 6, 1, 20, 10, 42, tzinfo=UTC)


def test_every_sort_has_a_template_with_a_short_window_and_police_at_the_table():
    assert set(TEMPLATES) == set(UrgentKind)
    assert DiscussionKind.INFORMATION not in {one.discussion for one in TEMPLATES.values()}
    for template in TEMPLATES.values():
        assert 0 < template.minutes <= 60
        assert template.closes == 1
        assert {OrganisationKind.POLICE, OrganisationKind.VEILIG_THUIS} <= template.partners


def test_every_kind_of_table_has_an_acute_meeting_and_a_usual_one():
    for kind in TableKind:
        assert UrgentKind.ACUTE in kinds_of(kind)
    assert kinds_of(TableKind.ZSM)[0] is UrgentKind.ZSM
    assert kinds_of(TableKind.ACTION)[0] is UrgentKind.ACTION


@pytest.mark.parametrize(
    ("chosen", "at", "minutes"),
    [
        (StartsIn.NOW, None, 0),
        (StartsIn.NOW, time(9, 0), 0),
        (StartsIn.QUARTER, None, 15),
        (StartsIn.HALF, None, 30),
        (StartsIn.CLOCK, time(22, 10), 0),
        (StartsIn.CLOCK, time(23, 10), 60),
        (StartsIn.CLOCK, time(1, 10), 180),
        (StartsIn.CLOCK, time(10, 10), 720),
    ],
)
def test_a_start_is_a_whole_minute_today_or_in_the_coming_night(chosen, at, minutes):
    begun = LATE.replace(second=0)
    assert start_of(chosen, at, now=LATE) == begun + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("at", "reason"),
    [(None, Reason.VALUE_MISSING), (time(22, 9), Reason.DATE_IN_PAST), (time(10, 11), Reason.DATE_IN_PAST)],
)  # fmt: skip
def test_a_clock_time_long_past_is_refused(at, reason):
    with pytest.raises(Refusal) as refused:
        start_of(StartsIn.CLOCK, at, now=LATE)
    assert (refused.value.reason, refused.value.field) == (reason, "at")


def test_an_hour_that_does_not_exist_is_refused():
    spring = datetime(2027, 3, 27, 22, 0, tzinfo=UTC)
    with pytest.raises(Refusal) as refused:
        start_of(StartsIn.CLOCK, time(2, 30), now=spring)
    assert refused.value.reason is Reason.HOUR_DOES_NOT_EXIST
