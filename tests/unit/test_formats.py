"""Dates and times as readers of Dutch and English expect them, always in Dutch time."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask, render_template_string
from flask_babel import Babel

from app.web import formats

NOON = datetime(2026, 11, 26, 12, 10, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "dutch", "english"),
    [
        ("date_long", "donderdag 26 november 2026", "Thursday 26 November 2026"),
        ("date_medium", "donderdag 26 november", "Thursday 26 November"),
        ("date_plain", "26 november 2026", "26 November 2026"),
        ("date_short", "26-11-2026", "26 Nov 2026"),
        ("weekday_short", "do 26-11-2026", "Thu 26 Nov 2026"),
        ("clock", "13.10", "13:10"),
        ("clock_seconds", "13.10.04", "13:10:04"),
        ("stamp", "26-11-2026, 13.10", "26 Nov 2026, 13:10"),
        ("deadline", "donderdag 26 november, 13.10 uur", "Thursday 26 November, 13:10"),
        ("iso", "2026-11-26T13:10+01:00", "2026-11-26T13:10+01:00"),
    ],
)
def test_a_moment_is_written_in_both_languages(name: str, dutch: str, english: str):
    write = getattr(formats, name)
    assert (write(NOON, "nl"), write(NOON, "en")) == (dutch, english)


def test_a_plain_day_needs_no_zone():
    assert formats.date_short(date(2026, 12, 3), "nl") == "03-12-2026"


def test_late_evening_utc_is_the_next_dutch_day():
    assert formats.date_short(datetime(2026, 6, 30, 22, 30, tzinfo=UTC), "nl") == "01-07-2026"


@pytest.mark.parametrize("day", [(2027, 3, 27, 12), (2027, 3, 28, 11)])
def test_one_o_clock_stays_one_o_clock_over_the_clock_change(day: tuple[int, int, int, int]):
    assert formats.clock(datetime(*day, tzinfo=UTC), "nl") == "13.00"


def test_a_naive_moment_is_refused():
    with pytest.raises(ValueError, match="zone"):
        formats.clock(NOON.replace(tzinfo=None), "nl")


def test_a_period_names_the_other_day():
    end = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)
    assert formats.period(NOON, NOON.replace(hour=14), "nl") == "13.10 tot 15.10 uur"
    assert formats.period(NOON, end, "en") == "13:10 to 27 Nov 2026, 00:30"


@pytest.mark.parametrize(("value", "words"), [(20, "20 min"), (60, "1 u"), (140, "2 u 20 min")])
def test_minutes_from_an_hour_on_are_hours(value: int, words: str):
    assert formats.minutes(value, "nl") == words


def test_templates_follow_the_language_of_the_request_and_write_nothing_for_nothing():
    app = Flask(__name__)
    Babel(app, locale_selector=lambda: "en")
    formats.register_filters(app)
    with app.test_request_context():
        page = render_template_string(
            "{{ n | clock }}|{{ none | clock }}|{{ period(n, n) }}", n=NOON, none=None
        )
    assert page == "13:10||13:10 to 13:10"
