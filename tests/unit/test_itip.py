"""Incoming mail of many makes, quirk by quirk, and what no mail may do to the reader."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.infra import itip
from app.infra.itip import Kind

REPLIES = Path(__file__).parent.parent / "data" / "replies"
UID = "0b9f7a4e-3c52-4d0e-9a41-6f1f2f5f7c11"
TOKEN = "d4vyq2m7tkw3hzc6ub5nexa2sj"
ORGANISER = f"overleg+{TOKEN}@casustafel.example"
YILMAZ = "a.yilmaz@politie.example"
START = datetime(2026, 6, 15, 11, 10, tzinfo=UTC)
STAMP = datetime(2026, 6, 1, 8, 5, tzinfo=UTC)


def message(name: str) -> bytes:
    return (REPLIES / f"{name}.eml").read_bytes().replace(b"\n", b"\r\n")


@dataclass(frozen=True)
class Read:
    """What must come out of the one answer of a message; the default is an ordinary yes."""

    partstat: str = "ACCEPTED"
    method: str = "REPLY"
    attendee: str = YILMAZ
    sequence: int = 0
    stamp: datetime | None = STAMP
    occurrence_at: datetime | None = None
    organiser: str = ORGANISER
    delegated_to: str = ""
    comment: str = ""
    proposed_starts_at: datetime | None = None


ANSWERS = {
    "exchange-no-organizer": Read(organiser=""),
    "outlook-decline-comment": Read("DECLINED", organiser="", comment="Ik ben op cursus, één dag.\nCollega kan wél."),
    "outlook-propose-abroad": Read("TENTATIVE", "COUNTER", organiser="", comment="Ik ben die week in Londen", proposed_starts_at=datetime(2026, 6, 16, 8, tzinfo=UTC)),
    "google-accept": Read(),
    "google-propose": Read("TENTATIVE", "COUNTER", comment="Dinsdag past mij beter", proposed_starts_at=datetime(2026, 6, 16, 8, tzinfo=UTC)),
    "iphone-propose": Read("TENTATIVE", "COUNTER", comment="Een nieuw tijdstip is voorgesteld", proposed_starts_at=datetime(2026, 6, 15, 13, tzinfo=UTC)),
    "apple-decline-file": Read("DECLINED"),
    "thunderbird-tentative": Read("TENTATIVE"),
    "file-by-name": Read(),
    "no-charset-cp1252": Read("DECLINED", comment="Eén dag vrij"),
    "no-dtstamp-lower-case": Read(stamp=None),
    "sequence-of-outlook-only": Read(sequence=1),
    "two-calendars": Read(),
    "zone-nobody-knows": Read(occurrence_at=START),
    "sloppy-object": Read(),
    "delegated": Read("DELEGATED", delegated_to="c.jansen@politie.example"),
    "party-crasher": Read(attendee="c.jansen@politie.example"),
    "assistant-sends": Read("DECLINED"),
    "no-answer-in-it": Read(""),
}  # fmt: skip


@pytest.mark.parametrize("name", ANSWERS)
def test_each_client_s_answer_is_read(name: str) -> None:
    read = itip.read(message(name))
    wanted = ANSWERS[name]
    [answer] = read.answers
    assert (read.kind, answer.uid) == (Kind.ANSWER, UID)
    assert {field: getattr(answer, field) for field in Read.__dataclass_fields__} == vars(wanted)


def test_master_and_occurrence_are_two_answers_of_one_mail() -> None:
    first, second = itip.read(message("master-and-occurrence")).answers
    assert (first.occurrence_at, first.partstat) == (None, "ACCEPTED")
    assert (second.occurrence_at, second.partstat) == (START, "DECLINED")


OTHERS = {
    "our-own-request-sent-back": Kind.WORDS,
    "words-only": Kind.WORDS,
    "out-of-office": Kind.AUTOMATIC,
    "bounce-report": Kind.BOUNCE,
    "bounce-of-exim": Kind.BOUNCE,
    "delayed-report": Kind.AUTOMATIC,
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_answer_is_told_apart(name: str) -> None:
    read = itip.read(message(name))
    assert (read.kind, read.answers) == (OTHERS[name], ())


def test_words_come_without_what_they_quote() -> None:
    read = itip.read(message("words-only"))
    assert read.words == "Ik kan er maandag niet bij zijn, mijn collega wel."
    assert "maandag" not in repr(read), "what people write stays out of logs"


@pytest.mark.parametrize("name", ["bounce-report", "bounce-of-exim"])
def test_a_bounce_names_the_address_and_the_mail(name: str) -> None:
    bounce = itip.read(message(name)).bounce
    assert bounce.recipients == (YILMAZ,)
    assert (
        "<5b8e2d64-7c1f-4a0e-9b33-0d6a1c2e4f55.0.REQUEST@casustafel.example>" in bounce.message_ids
    )


def test_the_envelope_is_read() -> None:
    read = itip.read(message("google-accept"))
    assert read.sender == YILMAZ
    assert read.recipients == (ORGANISER,)
    assert read.sent_at == STAMP
    assert len(read.authentication) == 1


@pytest.mark.parametrize(
    "header",
    [
        b"From: kwaad@elders.example, a.yilmaz@politie.example",
        b"From: a.yilmaz@politie.example\r\nFrom: kwaad@elders.example",
        b"From: a.yilmaz@politie.example <kwaad@elders.example>, x <a.yilmaz@politie.example>",
        b"From: Groep: a.yilmaz@politie.example;",
        b"From: <a.yilmaz@politie.example> <kwaad@elders.example>",
        b"Sender: a.yilmaz@politie.example",
    ],
)
def test_from_two_people_is_from_nobody(header: bytes) -> None:
    assert itip.read(header + b"\r\n\r\nx").sender == ""


@pytest.mark.parametrize(
    ("header", "sender"),
    [
        (b'"a.yilmaz@politie.example" <kwaad@elders.example>', "kwaad@elders.example"),
        (b"=?utf-8?q?Yilmaz=2C_A=2E?= <A.Yilmaz@politie.example>", YILMAZ),
        (b"a.yilmaz@politie.example", YILMAZ),
    ],
)
def test_the_address_counts_and_not_the_name_beside_it(header: bytes, sender: str) -> None:
    assert itip.read(b"From: " + header + b"\r\n\r\nx").sender == sender


HEAD = b"From: a@b.example\r\nTo: x@y.example\r\nContent-Type: text/calendar; method=REPLY\r\n\r\n"
EVENT = b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:abc\r\n"
END = b"END:VEVENT\r\nEND:VCALENDAR\r\n"
NESTED = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3000))  # fmt: skip
SHALLOW = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(16))  # fmt: skip

HOSTILE = {
    "ten megabytes": HEAD + b"a\n" * 5_000_000,
    "many lines": HEAD + b"a\n" * 99_000,
    "one endless header": b"From: " + b"a" * 5_000_000,
    "nothing but NUL": b"\x00" * 100_000,
    "parts within parts": NESTED,
    "parts within parts, many lines": SHALLOW + b"Content-Type: text/plain\r\n\r\n" + b"--b\n" * 99_000,
    "a bomb of folds": HEAD + EVENT + b"COMMENT:" + b"\r\n a" * 90_000 + b"\r\n" + END,
    "parameters without end": HEAD + EVENT + (b"ATTENDEE" + b';A="b"' * 950 + b":mailto:a@b\r\n") * 80 + END,
    "backslashes": HEAD + EVENT + (b"ATTENDEE;A=" + b"\\" * 5_900 + b":x\r\n") * 80 + END,
    "components within components": HEAD + b"BEGIN:VEVENT\n" * 39_000,
    "thousands of events": HEAD + b"BEGIN:VCALENDAR\nMETHOD:REPLY\n" + b"BEGIN:VEVENT\nUID:a\nEND:VEVENT\n" * 16_000 + b"END:VCALENDAR\n",
    "a rule per second": HEAD + EVENT + b"RRULE:FREQ=SECONDLY\r\nDTSTART;TZID=X:00010101T000000\r\n" + END,
    "a content type of parameters": b"Content-Type: " + b"a;" * 200_000 + b"\r\n\r\nx",
    "a header of brackets": b"From: " + b"(" * 3_900 + b"\r\nDate: " + b"(" * 3_900 + b"\r\n\r\nx",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_no_message_breaks_or_holds_the_reader(name: str) -> None:
    started = time.perf_counter()
    itip.read(HOSTILE[name])
    assert time.perf_counter() - started < 5


PIECES = [
    b"\r\n", b"\n", b"\r", b"\r\n ", b"\x00", b"\xff\xfe", b"\xc3", b";", b":", b'"', b"=", b",", b"\\n",
    b"BEGIN:VCALENDAR\r\n", b"END:VCALENDAR\r\n", b"BEGIN:VEVENT\r\n", b"END:VEVENT\r\n", b"METHOD:COUNTER\r\n",
    b"UID:abc\r\n", b"ATTENDEE;PARTSTAT=", b"mailto:a@b.example", b"RECURRENCE-ID;TZID=", b"DTSTART:", b"DTSTAMP:",
    b"99999999T999999Z", b"00000000T000000", b"20260615T131000", b"SEQUENCE:", b"-1", b"9" * 30, b"TO-ALL-PROPOSED-NEW-TIME=",
    b"Content-Type: multipart/report; boundary=x\r\n\r\n", b"--x\r\n", b"--x--\r\n", b"Content-Type: message/delivery-status\r\n\r\n",
    b"Content-Type: message/rfc822\r\n\r\n", b"Content-Transfer-Encoding: base64\r\n", b"Content-Type: text/calendar; charset=utf-7\r\n\r\n",
    b"From: ", b"a@b.example", b"<", b">", b"Date: ", b"Action: failed\r\n", b"Final-Recipient: rfc822; ", b"Message-ID: ",
]  # fmt: skip


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=20)), max_size=60))
def test_any_jumble_gives_something(pieces: list[bytes]) -> None:
    read = itip.read(b"".join(pieces))
    assert read.kind in Kind
    assert read.kind is not Kind.UNREADABLE or not read.answers


@given(st.sampled_from(sorted(ANSWERS)), st.integers(0, 3_000), st.sampled_from(PIECES))
def test_a_real_answer_with_damage_gives_something(name: str, at: int, piece: bytes) -> None:
    whole = message(name)
    for damaged in (whole[:at], whole[:at] + piece + whole[at:], whole[:at] + whole[at + 9 :]):
        assert itip.read(damaged).kind in Kind
