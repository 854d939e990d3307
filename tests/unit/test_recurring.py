from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.recurring import Instance, Master, Message, MessageKind, Wanted, messages
from app.domain.rhythm import Rhythm, RhythmKind, occurrences

BEFORE = datetime(2027, 1, 1, tzinfo=UTC)
WEEKLY = Rhythm(
    kind=RhythmKind.WEEKLY,
    first_on=date(2027, 3, 1),
    last_on=date(2027, 4, 30),
    start=time(13, 0),
    minutes=120,
    weekdays=frozenset({1}),
)
HOLIDAY = date(2027, 4, 27)


def series(rhythm=WEEKLY, place="Kamer 1", free=(HOLIDAY,)) -> Wanted:
    found = occurrences(rhythm, dict.fromkeys(free, "vrij"))
    return Wanted(
        rhythm,
        place,
        tuple(
            Instance(one.starts_at, one.starts_at, one.ends_at, place)
            for one in found
            if not one.skipped
        ),
    )


def with_instance(wanted: Wanted, n: int, **changes) -> Wanted:
    changed = list(wanted.instances)
    changed[n] = replace(changed[n], **changes)
    return replace(wanted, instances=tuple(changed))


class Client:
    """A calendar that understands what is sent, and nothing else."""

    def __init__(self):
        self.rule: Master | None = None
        self.apart: dict[datetime, Instance] = {}

    def take(self, sent: tuple[Message, ...]) -> list[str]:
        for one in sent:
            if one.kind is MessageKind.RULE:
                self.rule, self.apart = one.master, {}
            elif one.kind is MessageKind.ALL_CANCELLED:
                self.rule, self.apart = None, {}
            else:
                self.apart[one.instance.planned_at] = one.instance
        return [one.kind.value for one in sent]

    def follow(self, wanted: Wanted | None, *, now=BEFORE) -> list[str]:
        return self.take(messages(self.rule, self.apart, wanted, now=now))

    def shows(self, rhythm: Rhythm) -> set[tuple[datetime, datetime, str]]:
        if self.rule is None:
            return set()
        length = self.rule.ends_at - self.rule.starts_at
        shown = set()
        for one in occurrences(rhythm, {}):
            if not self.rule.starts_at <= one.starts_at <= self.rule.until:
                continue
            if one.starts_at in self.rule.without:
                continue
            own = self.apart.get(one.starts_at)
            if own is None:
                shown.add((one.starts_at, one.starts_at + length, self.rule.place))
            elif not own.is_cancelled:
                shown.add((own.starts_at, own.ends_at, own.place))
        return shown


def meant(wanted: Wanted) -> set[tuple[datetime, datetime, str]]:
    return {
        (one.starts_at, one.ends_at, one.place) for one in wanted.instances if not one.is_cancelled
    }


def test_a_new_recipient_gets_the_rule_with_its_holidays_taken_out():
    client, wanted = Client(), series()
    assert client.follow(wanted) == ["rule"]
    # The last Tuesday is a holiday: the rule simply ends before it.
    assert client.rule.until == wanted.instances[-1].planned_at
    assert client.shows(WEEKLY) == meant(wanted)
    assert client.follow(wanted) == []


def test_a_holiday_inside_is_taken_out_of_the_rule():
    client, wanted = Client(), series(free=(date(2027, 3, 30),))
    client.follow(wanted)
    assert [one.date() for one in client.rule.without] == [date(2027, 3, 30)]
    assert client.shows(WEEKLY) == meant(wanted)


def test_one_moved_occurrence_travels_alone_and_keeps_its_first_start():
    client, wanted = Client(), series()
    client.follow(wanted)
    planned = wanted.instances[2].planned_at
    for hours in (1, 30):
        start = planned + timedelta(hours=hours)
        moved = with_instance(wanted, 2, starts_at=start, ends_at=start + timedelta(hours=2))
        sent = messages(client.rule, client.apart, moved, now=BEFORE)
        assert [one.instance.planned_at for one in sent] == [planned]
        assert client.take(sent) == ["occurrence"]
        assert client.shows(WEEKLY) == meant(moved)
    # Moved back to where the rule has it: that too has to be told.
    assert client.follow(wanted) == ["occurrence"]
    assert client.shows(WEEKLY) == meant(wanted)


def test_a_cancelled_occurrence_is_withdrawn_as_the_recipient_knows_it():
    client, wanted = Client(), series()
    client.follow(wanted)
    start = wanted.instances[1].starts_at + timedelta(days=1)
    moved = with_instance(wanted, 1, starts_at=start, ends_at=start + timedelta(hours=2))
    client.follow(moved)
    gone = with_instance(moved, 1, is_cancelled=True)
    sent = messages(client.rule, client.apart, gone, now=BEFORE)
    assert [(one.kind, one.instance.starts_at) for one in sent] == [
        (MessageKind.OCCURRENCE_CANCELLED, start)
    ]
    client.take(sent)
    assert client.shows(WEEKLY) == meant(gone)
    assert client.follow(gone) == []


def test_whoever_joins_later_gets_the_coming_part_and_what_stands_apart():
    wanted = series()
    start = wanted.instances[5].starts_at + timedelta(hours=3)
    wanted = with_instance(wanted, 5, starts_at=start, ends_at=start + timedelta(hours=1))
    wanted = with_instance(wanted, 6, is_cancelled=True)
    client, now = Client(), wanted.instances[3].ends_at
    assert client.follow(wanted, now=now) == ["rule", "occurrence"]
    assert client.rule.starts_at == wanted.instances[4].planned_at
    assert client.shows(WEEKLY) == meant(replace(wanted, instances=wanted.instances[4:]))


def test_an_extended_series_sends_its_rule_again():
    client, wanted = Client(), series()
    client.follow(with_instance(wanted, 0, is_cancelled=True))
    longer = series(replace(WEEKLY, last_on=date(2027, 6, 30)))
    longer = with_instance(longer, 0, is_cancelled=True)
    assert client.follow(longer) == ["rule"]
    assert client.shows(longer.rhythm) == meant(longer)


def test_a_shortened_series_ends_earlier_in_every_calendar():
    client, wanted = Client(), series()
    client.follow(wanted)
    short = replace(WEEKLY, last_on=date(2027, 3, 31))
    cut = Wanted(short, wanted.place, wanted.instances[:5])
    assert client.follow(cut) == ["rule"]
    assert client.shows(WEEKLY) == meant(cut)


def test_a_series_that_stops_keeps_its_past_and_loses_the_rest():
    client, wanted = Client(), series()
    client.follow(wanted)
    now = wanted.instances[3].ends_at
    stopped = Wanted(replace(WEEKLY, last_on=date(2027, 3, 24)), wanted.place, wanted.instances[:4])
    assert client.follow(stopped, now=now) == ["rule"]
    assert client.shows(WEEKLY) == meant(stopped)
    assert client.follow(stopped, now=now) == []


def test_a_series_that_never_met_is_withdrawn_and_so_is_that_of_whoever_leaves():
    for wanted in (replace(series(), instances=()), None):
        client = Client()
        client.follow(series())
        assert client.follow(wanted) == ["all-cancelled"]
        assert client.follow(wanted) == []


def test_nothing_is_told_of_what_is_past():
    client, wanted = Client(), series()
    client.follow(wanted)
    later = wanted.instances[4].ends_at
    assert client.follow(with_instance(wanted, 2, is_cancelled=True), now=later) == []
    assert Client().follow(wanted, now=datetime(2028, 1, 1, tzinfo=UTC)) == []
    assert client.follow(None, now=datetime(2028, 1, 1, tzinfo=UTC)) == []


def test_a_new_hour_or_place_sends_the_rule_and_what_stands_apart():
    client, wanted = Client(), series()
    client.follow(wanted)
    later = replace(WEEKLY, start=time(15, 0))
    moved = series(later, place="Kamer 2")
    start = moved.instances[1].starts_at + timedelta(days=2)
    moved = with_instance(moved, 1, starts_at=start, ends_at=start + timedelta(hours=2))
    assert client.follow(moved) == ["rule", "occurrence"]
    assert client.shows(later) == meant(moved)


def test_a_first_day_that_shifts_with_the_hour_leaves_no_day_behind():
    client, wanted = Client(), series()
    client.follow(wanted)
    later = replace(WEEKLY, first_on=date(2027, 3, 15), start=time(15, 0))
    gone = [replace(one, is_cancelled=True) for one in wanted.instances[:2]]
    moved = replace(series(later), instances=(*gone, *series(later).instances))
    client.follow(moved)
    assert client.shows(replace(later, first_on=WEEKLY.first_on)) == meant(moved)
    assert client.follow(moved) == []


def test_a_day_once_taken_out_of_the_rule_is_told_when_it_is_planned_after_all():
    client, closed = Client(), series(free=(date(2027, 3, 30),))
    client.follow(closed)
    opened = series(free=())
    client.follow(opened)
    assert client.shows(WEEKLY) == meant(opened)
    assert client.follow(opened) == []


def test_a_day_that_left_the_series_leaves_the_calendar_too():
    client, wanted = Client(), series()
    client.follow(wanted)
    less = replace(wanted, instances=(*wanted.instances[:3], *wanted.instances[4:]))
    client.follow(less)
    assert client.shows(WEEKLY) == meant(less)
    assert client.follow(less) == []


def test_a_day_planned_again_after_it_was_cancelled_stays():
    client, wanted = Client(), series()
    client.follow(wanted)
    gone = replace(wanted.instances[2], is_cancelled=True)
    client.follow(with_instance(wanted, 2, is_cancelled=True))
    again = replace(wanted, instances=(*wanted.instances, gone))
    assert client.follow(again) == ["occurrence"]
    for _ in range(2):
        assert client.shows(WEEKLY) == meant(wanted)
        assert client.follow(again) == []


steps = st.lists(
    st.tuples(
        st.integers(0, 8),
        st.sampled_from(["move", "cancel", "place", "back"]),
        st.integers(-20, 20),
    ),
    max_size=12,
)


@given(steps, st.integers(0, 8))
def test_whatever_happens_a_calendar_shows_what_is_meant(history, joins_at):
    """Both who had it from the start and who joins half-way; nobody is told anything twice."""
    wanted, early, late = series(free=()), Client(), Client()
    early.follow(wanted)
    for step, (n, what, hours) in enumerate(history):
        planned = wanted.instances[n]
        start = planned.planned_at + timedelta(hours=hours)
        change = {
            "move": {"starts_at": start, "ends_at": start + timedelta(hours=2)},
            "cancel": {"is_cancelled": True},
            "place": {"place": "Kamer 9"},
            "back": {"starts_at": planned.planned_at},
        }[what]
        if not planned.is_cancelled:
            if what == "back":
                change["ends_at"] = planned.planned_at + timedelta(hours=2)
            wanted = with_instance(wanted, n, **change)
        early.follow(wanted)
        if step >= joins_at:
            late.follow(wanted)
        assert early.shows(WEEKLY) == meant(wanted)
        assert early.follow(wanted) == []
    late.follow(wanted)
    assert late.shows(WEEKLY) == meant(wanted)
