"""The timer of an item: its minutes, five more, a pause; it ends nothing."""

from datetime import UTC, datetime, timedelta

from app.domain.item_timer import ItemTimer

OPENED = datetime(2026, 6, 15, 11, 0, tzinfo=UTC)


def after(minutes: float) -> datetime:
    return OPENED + timedelta(minutes=minutes)


def test_an_item_lasts_its_minutes_from_when_it_was_taken_up():
    timer = ItemTimer(opened_at=OPENED, minutes=20)
    assert timer.ends_at(after(3)) == after(20)
    assert timer.seconds_left(after(3)) == 17 * 60


def test_minutes_are_added():
    timer = ItemTimer(opened_at=OPENED, minutes=20, extra_minutes=5)
    assert timer.ends_at(after(0)) == after(25)


def test_what_is_over_counts_on_below_zero():
    assert ItemTimer(opened_at=OPENED, minutes=20).seconds_left(after(25)) == -300


def test_a_pause_keeps_what_is_left_and_moves_the_end():
    paused = ItemTimer(opened_at=OPENED, minutes=20, paused_seconds=60, paused_at=after(10))
    assert paused.is_paused
    assert paused.seconds_left(after(10)) == paused.seconds_left(after(14)) == 11 * 60
    assert paused.ends_at(after(14)) == after(25)
