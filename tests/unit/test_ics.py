"""Calendar objects: what two independent parsers read, what can be smuggled in, exact bytes."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.infra.ics import Invite, InviteError, OwnSlot, render_download, render_invitation
from tests.calendar_readers import read_with_ical_js, read_with_vobject, unfolded
from tests.calendar_samples import (
    CANCEL,
    DEPUTY,
    FIXED_FROM,
    ORGANISER,
    REINVITE,
    REQUEST,
    UID,
    UPDATE,
)

GOLDEN = Path(__file__).parent.parent / "golden" / "ics"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def own_slot(invite: Invite) -> OwnSlot:
    return OwnSlot(**{field.name: getattr(invite, field.name) for field in fields(OwnSlot)})


FORMS = {
    "request": render_invitation(REQUEST),
    "update": render_invitation(UPDATE),
    "cancel": render_invitation(CANCEL),
    "re-invite": render_invitation(REINVITE),
    "deputy": render_invitation(DEPUTY),
    "request-fixed-from": render_invitation(FIXED_FROM),
    "download": render_download(own_slot(UPDATE)),
}

# Amsterdam jumps ahead on 28 March 2027 at 01.00 UTC and back on 31 October 2027 at 01.00 UTC.
MOMENTS = {
    "the day before summer time": datetime(2027, 3, 27, 12, 0, tzinfo=UTC),
    "over the jump ahead": datetime(2027, 3, 28, 0, 45, tzinfo=UTC),
    "the first day of summer time": datetime(2027, 3, 28, 11, 0, tzinfo=UTC),
    "the last day of summer time": datetime(2027, 10, 30, 11, 0, tzinfo=UTC),
    "into the doubled hour": datetime(2027, 10, 30, 23, 45, tzinfo=UTC),
    "the doubled hour, first time": datetime(2027, 10, 31, 0, 15, tzinfo=UTC),
    "the doubled hour, second time": datetime(2027, 10, 31, 1, 15, tzinfo=UTC),
    "the day winter time begins": datetime(2027, 10, 31, 12, 0, tzinfo=UTC),
    "a summer far ahead": datetime(2040, 7, 3, 8, 0, tzinfo=UTC),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_bytes_are_those_of_the_golden_file(form: str) -> None:
    assert FORMS[form] == (GOLDEN / f"{form}.ics").read_bytes()


@pytest.mark.tools
@pytest.mark.parametrize("form", FORMS)
def test_both_parsers_read_the_same(form: str) -> None:
    assert read_with_vobject(FORMS[form]) == read_with_ical_js(FORMS[form])


@pytest.mark.tools
@pytest.mark.parametrize("method", ["REQUEST", "CANCEL", None])
@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_both_parsers_read_the_same_instants_over_the_clock_changes(
    moment: datetime, method: str | None
) -> None:
    end = moment + timedelta(minutes=40)
    invite = replace(REQUEST, starts_at=moment, ends_at=end, method=method or "REQUEST")
    data = render_invitation(invite) if method else render_download(own_slot(invite))
    expected = [f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in (moment, end)]
    for read in (read_with_vobject(data), read_with_ical_js(data)):
        assert read["method"] == method
        assert [[event["start"], event["end"]] for event in read["events"]] == [expected]


def test_an_ordinary_time_is_on_the_amsterdam_clock_with_its_zone_before_the_event() -> None:
    lines = unfolded(FORMS["update"])
    assert "DTSTART;TZID=Europe/Amsterdam:20270328T130000" in lines
    assert "DTEND;TZID=Europe/Amsterdam:20270328T134000" in lines
    assert lines.index("END:VTIMEZONE") < lines.index("BEGIN:VEVENT")


def test_the_zone_has_rules_instead_of_dates_and_no_comment() -> None:
    zone = "\n".join(unfolded(FORMS["request"])).partition("BEGIN:VEVENT")[0]
    assert zone.count("RRULE:FREQ=YEARLY") == 2
    assert "RDATE" not in zone
    assert "COMMENT" not in zone
    assert "DTSTART:19700329T020000" in zone


def test_an_invitation_names_one_attendee_who_is_asked_to_answer() -> None:
    lines = unfolded(FORMS["request"])
    (attendee,) = (line for line in lines if line.startswith("ATTENDEE"))
    assert attendee.endswith(":mailto:b.mulder@pol.example")
    for parameter in ("PARTSTAT=NEEDS-ACTION", "RSVP=TRUE", "ROLE=REQ-PARTICIPANT"):
        assert parameter in attendee
    assert "STATUS:CONFIRMED" in lines
    assert "CLASS:CONFIDENTIAL" in lines
    assert "X-MICROSOFT-CDO-BUSYSTATUS:BUSY" in lines


def test_a_withdrawal_is_cancelled_and_frees_the_time() -> None:
    lines = unfolded(FORMS["cancel"])
    assert "METHOD:CANCEL" in lines
    assert "STATUS:CANCELLED" in lines
    assert "SEQUENCE:2" in lines
    assert "X-MICROSOFT-CDO-BUSYSTATUS:FREE" in lines
    assert sum(line.startswith("ATTENDEE") for line in lines) == 1


def test_a_download_has_no_method_no_organiser_and_no_attendee() -> None:
    text = "\n".join(unfolded(FORMS["download"]))
    for absent in ("METHOD", "ORGANIZER", "ATTENDEE", "mailto"):
        assert absent not in text
    assert "CLASS:CONFIDENTIAL" in text


def test_nothing_rings_links_or_attaches() -> None:
    for data in FORMS.values():
        text = "\n".join(unfolded(data))
        for absent in ("VALARM", "ATTACH", "CATEGORIES", "GEO", "URL:", "RELATED-TO", "X-ALT-DESC"):
            assert absent not in text


def test_equal_input_gives_equal_bytes() -> None:
    assert render_invitation(REQUEST) == render_invitation(replace(REQUEST))
    assert render_invitation(replace(REQUEST, stamp=REQUEST.stamp.astimezone(AMSTERDAM))) == (
        render_invitation(REQUEST)
    )


@pytest.mark.parametrize("field", ["stamp", "starts_at", "ends_at"])
def test_a_time_without_zone_is_refused(field: str) -> None:
    with pytest.raises(InviteError, match="no zone"):
        replace(REQUEST, **{field: datetime(2027, 3, 27, 13, 0)})  # noqa: DTZ001 - the point


@pytest.mark.parametrize("minutes", [0, -1])
def test_an_end_that_is_not_after_the_start_is_refused(minutes: int) -> None:
    with pytest.raises(InviteError, match="end"):
        replace(REQUEST, ends_at=REQUEST.starts_at + timedelta(minutes=minutes))


def test_an_end_within_the_same_second_is_refused() -> None:
    with pytest.raises(InviteError, match="end"):
        replace(REQUEST, ends_at=REQUEST.starts_at + timedelta(milliseconds=5))


def test_an_end_before_the_start_in_another_zone_is_refused() -> None:
    east = timezone(timedelta(hours=9))
    with pytest.raises(InviteError, match="end"):
        replace(REQUEST, ends_at=datetime(2027, 3, 27, 20, 59, tzinfo=east))


@pytest.mark.parametrize("method", ["", "PUBLISH", "request", "REQUEST\r\nX:y"])
def test_an_unknown_method_is_refused(method: str) -> None:
    with pytest.raises(InviteError, match="method"):
        replace(REQUEST, method=method)


@pytest.mark.parametrize("summary", ["", "  ", "\r\n", "\x00\x0b"])
def test_an_empty_summary_is_refused(summary: str) -> None:
    with pytest.raises(InviteError, match="summary"):
        replace(REQUEST, summary=summary)


def test_a_negative_sequence_is_refused() -> None:
    with pytest.raises(InviteError, match="sequence"):
        replace(REQUEST, sequence=-1)


INJECTIONS = [
    "x\r\nATTENDEE:mailto:evil@x.example",
    "x\nATTENDEE:mailto:evil@x.example",
    "x\rATTENDEE:mailto:evil@x.example",
    "x\x00y",
    "x\u2028ATTENDEE:mailto:evil@x.example",
    "x\x85ATTENDEE:mailto:evil@x.example",
    'x";RSVP=FALSE:mailto:evil@x.example',
    "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:2",
    "x\ud800y",
    "^nATTENDEE:mailto:evil@x.example",
]


@pytest.mark.parametrize("text", INJECTIONS)
@pytest.mark.parametrize(
    "field", ["summary", "description", "location", "organiser_name", "recipient_name"]
)
def test_a_text_cannot_add_a_property(field: str, text: str) -> None:
    data = render_invitation(replace(REQUEST, **{field: text}))
    lines = unfolded(data)
    assert sum(line.startswith("ATTENDEE") for line in lines) == 1
    assert lines.count("BEGIN:VEVENT") == 1
    assert [line for line in lines if line.startswith("UID")] == [f"UID:{UID}"]
    assert not any(octet < 0x20 and octet not in b"\r\n" for octet in data)
    (event,) = read_with_vobject(data)["events"]
    assert event["attendees"] == ["mailto:b.mulder@pol.example"]
    assert event["organizer"] == f"mailto:{ORGANISER}"


@pytest.mark.parametrize("text", [*INJECTIONS, "", "a b@x.example", "a@x.example,b@x.example"])
@pytest.mark.parametrize(
    "field", ["uid", "organiser_address", "sender_address", "recipient_address"]
)
def test_an_identifier_or_address_with_anything_odd_is_refused(field: str, text: str) -> None:
    with pytest.raises(InviteError):
        replace(REQUEST, **{field: text})


def test_a_name_without_its_quotes_is_quoted_where_it_must_be() -> None:
    data = render_invitation(replace(REQUEST, recipient_name='Mulder, "Bram" ^ van ’t Hof; x:y'))
    (line,) = (line for line in unfolded(data) if line.startswith("ATTENDEE"))
    assert 'CN="Mulder, Bram  van ’t Hof; x:y"' in line
    assert "^" not in line


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300), st.text(max_size=120), st.text(max_size=80))
def test_lines_end_in_crlf_and_stay_within_75_octets(
    description: str, location: str, name: str
) -> None:
    data = render_invitation(
        replace(REQUEST, description=description, location=location, recipient_name=name)
    )
    assert data.endswith(b"END:VCALENDAR\r\n")
    for line in data.split(b"\r\n"):
        assert len(line) <= 75
        assert b"\n" not in line
        assert b"\r" not in line
        line.decode("utf-8")
    assert len(read_with_vobject(data)["events"]) == 1
