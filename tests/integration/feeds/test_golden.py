"""The bytes of a subscription against golden files, read by two independent parsers."""

import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.kinds import FeedContent
from app.domain.recurring import Master
from app.features.calendar import feeds
from app.features.calendar.recurring import write_master
from tests.calendar_readers import read_with_ical_js, read_with_vobject

GOLDEN = Path(__file__).parents[2] / "golden" / "ics"
UIDS = [f"6d1d1f0{number}-7a3c-4e52-9d3e-0f3a5b2c9e1{number}" for number in range(3)]
STAMP = datetime(2027, 1, 4, 8, tzinfo=UTC)


def golden_feed(content: FeedContent) -> bytes:
    """A subscription as one would review it: a slot, one cancelled, and a series.

    Of the series one day moved, one was cancelled lately and one long ago.
    """
    from app.access.messages.feeds import FeedRow, FoundFeed

    def row(kind, uid, starts_at=None, **more):
        values = {
            "sequence": 0, "ends_at": starts_at and starts_at + timedelta(minutes=30), "told": "",
            "title": "", "place": "Zaal 2; vleugel B, 1e etage", "planned_at": None,
            "changed_at": STAMP, "cancelled_at": None, **more,
        }  # fmt: skip
        if content is FeedContent.BUSY or values["cancelled_at"]:
            values.update(title="", place="")
        return FeedRow(kind=kind, uid=uid, starts_at=starts_at, **values)

    first = datetime(2027, 3, 23, 12, tzinfo=UTC)
    told = Master(
        first, first + timedelta(hours=2), (("byday", ("TU",)), ("freq", "WEEKLY")),
        datetime(2027, 11, 9, 12, tzinfo=UTC),
        frozenset({datetime(2027, 4, 27, 11, tzinfo=UTC)}), "Kamer 1",
    )  # fmt: skip
    rows = (
        row(
            "invitation", UIDS[0], datetime(2027, 3, 28, 7, tzinfo=UTC), sequence=2,
            title="Regiotafel",
        ),
        row("invitation", UIDS[1], datetime(2027, 10, 31, 8, tzinfo=UTC), cancelled_at=STAMP),
        row(
            "exception", UIDS[2], datetime(2027, 11, 3, 12, tzinfo=UTC), sequence=4,
            planned_at=datetime(2027, 11, 2, 12, tzinfo=UTC),
        ),
        row(
            "exception", UIDS[2], datetime(2027, 6, 1, 11, tzinfo=UTC), sequence=5,
            planned_at=datetime(2027, 6, 1, 11, tzinfo=UTC), cancelled_at=STAMP,
        ),
        row(
            "gap", UIDS[2], datetime(2027, 6, 8, 11, tzinfo=UTC), sequence=3,
            planned_at=datetime(2027, 6, 8, 11, tzinfo=UTC), cancelled_at=STAMP,
        ),
        row("series", UIDS[2], told=write_master(told), sequence=4, place="Kamer 1"),
    )  # fmt: skip
    found = FoundFeed(uuid.UUID(int=1), content, "nl", None, "", STAMP, rows)
    return feeds.render(found)


FORMS = {
    "feed": FeedContent.BUSY,
    "feed-with-place": FeedContent.MEETING,
}


@pytest.mark.parametrize("form", FORMS)
def test_the_bytes_are_those_of_the_golden_file(form):
    data = golden_feed(FORMS[form])
    assert data == (GOLDEN / f"{form}.ics").read_bytes()
    assert max(len(line) for line in data.split(b"\r\n")) <= 75


@pytest.mark.parametrize("form", FORMS)
def test_both_parsers_read_the_golden_file_alike(form):
    data = golden_feed(FORMS[form])
    one, other = read_with_vobject(data)["events"], read_with_ical_js(data)["events"]
    for key in ("uid", "status", "summary", "location", "start", "end", "starts"):
        assert [event[key] for event in one] == [event[key] for event in other], key
    assert [event["start"] for event in one] == [
        "2027-03-23T12:00:00Z", "2027-03-28T07:00:00Z", "2027-06-01T11:00:00Z",
        "2027-10-31T08:00:00Z", "2027-11-03T12:00:00Z",
    ]  # fmt: skip
    # Dutch clock time stays 13.00: 12 UTC in winter, 11 in summer. Out of the rule are 27 April,
    # 1 and 8 June and 2 November; of these 1 June shows as cancelled and 2 November as moved.
    assert one[0]["starts"][:2] == ["2027-03-23T12:00:00Z", "2027-03-30T11:00:00Z"]
    assert one[0]["starts"][-2:] == ["2027-10-26T11:00:00Z", "2027-11-09T12:00:00Z"]
    assert len(one[0]["starts"]) == 30
