"""The days of an exclusion order: on the wall clock, weekends and holidays included."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain import presets
from app.domain.case_clocks import due
from app.domain.errors import Reason, Refusal
from app.domain.exclusion_order import ends_of, proposed_start
from app.domain.kind_changes import refuse_faulty
from app.domain.kind_document import ClockRule, Words
from app.domain.kinds import ClockStart, ClockUnit, TableKind
from app.domain.local_time import AMSTERDAM
from app.infra.holidays_nl import is_holiday

HOUR = timedelta(hours=1)
NAME, DAYS = Words("Nazorg", "Aftercare"), ClockUnit.DAYS


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=AMSTERDAM)


def days(served: datetime) -> dict[str, datetime]:
    """Where each clock of the shipped kind ends, on the wall."""
    rules = presets.document_of(TableKind.EXCLUSION_ORDER).clocks
    return {
        rule.code: due(rule, served, is_holiday).astimezone(AMSTERDAM)
        for rule in rules
        if rule.start is ClockStart.SERVICE
    }


@pytest.mark.parametrize(
    "served",
    [
        local(2026, 3, 27, 23, 30),  # the clock goes forward on the 29th
        local(2026, 10, 23, 2, 30),  # and back on the 25th, when 2.30 comes twice
        local(2026, 4, 2, 16, 5),  # Thursday before Easter: day 3 is Easter Day
        local(2026, 12, 24, 9, 0),
    ],
)
def test_every_day_keeps_the_time_on_the_wall_and_is_never_rolled(served):
    found = days(served)
    assert list(found) == ["day-3", "day-7", "day-8", "day-10", "day-28"]
    for code, moment in found.items():
        assert moment.date() - served.date() == timedelta(int(code.removeprefix("day-")))
        assert moment.time() == served.time()


def test_a_day_across_a_clock_change_has_another_length_in_hours():
    forward, back = local(2026, 3, 27, 12, 0), local(2026, 10, 24, 12, 0)
    assert days(forward)["day-3"].astimezone(UTC) - forward.astimezone(UTC) == 71 * HOUR
    assert days(back)["day-3"].astimezone(UTC) - back.astimezone(UTC) == 73 * HOUR


@pytest.mark.parametrize(
    ("due_at", "now", "wanted"),
    [
        # As late on the day itself as there is time for, on Easter Day as well.
        (local(2026, 4, 5, 16, 5), local(2026, 4, 2, 18, 0), local(2026, 4, 5, 14, 0)),
        (local(2026, 4, 5, 11, 0), local(2026, 4, 2, 18, 0), local(2026, 4, 5, 10, 0)),
        # In the night: the afternoon before.
        (local(2026, 3, 30, 3, 0), local(2026, 3, 27, 9, 0), local(2026, 3, 29, 14, 0)),
        # Recorded late: as soon as people can come, else not at all.
        (local(2026, 4, 5, 16, 5), local(2026, 4, 5, 13, 37), local(2026, 4, 5, 14, 45)),
        (local(2026, 4, 5, 16, 5), local(2026, 4, 5, 14, 40), None),
    ],
)
def test_a_meeting_is_proposed_before_the_clock_runs_out(due_at, now, wanted):
    found = proposed_start(due_at, now=now, length=HOUR)
    assert found == wanted
    assert found is None or found + HOUR <= due_at


def test_an_order_ends_with_the_clocks_its_kind_says_whatever_else_is_counted():
    shipped = presets.document_of(TableKind.EXCLUSION_ORDER)
    aftercare = (ClockRule(f"day-{day}", NAME, ClockStart.SERVICE, day, DAYS) for day in (14, 35))
    document = replace(shipped, clocks=(*shipped.clocks, *aftercare))
    refuse_faulty(document)
    found = ends_of(document.clocks, lambda rule: rule)
    assert (found.plain.amount, found.extended.amount) == (10, 28)
    assert (
        ends_of([one for one in document.clocks if not one.ends_order], lambda rule: rule) is None
    )
    plain = [one for one in document.clocks if not one.ends_extended]
    assert ends_of(plain, lambda rule: rule).extended is None
    for faulty in (
        replace(shipped, clocks=tuple(replace(one, ends_order=False) for one in shipped.clocks)),
        replace(shipped, clocks=tuple(replace(one, ends_extended=True) for one in shipped.clocks)),
        replace(presets.document_of(TableKind.MDA), clocks=shipped.clocks),
    ):
        with pytest.raises(Refusal) as refused:
            refuse_faulty(faulty)
        assert refused.value.reason is Reason.KIND_ORDER_ENDS
