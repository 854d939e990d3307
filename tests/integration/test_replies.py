"""What becomes of each answer that comes by mail: applied once, or kept with the reason why not."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select, update

from app.domain.kinds import (
    AccountState,
    InvitationAnswer,
    Participation,
    ReplyReason,
    ReplyState,
    SeriesAudience,
)
from app.domain.rhythm import RhythmKind
from app.features.replies.service import QUARANTINE_KEPT, receive
from app.infra import clock, crypto
from app.infra.db import db, reading, transaction
from app.models import (
    AuditEvent,
    BouncedAddress,
    Invitation,
    MailLog,
    Person,
    Reply,
    SeatHold,
    Series,
    SeriesEntry,
    SeriesException,
)
from tests.replies import arrive, hold_of, invited_world, replies
from tests.unit.test_itip import REPLIES, START, TOKEN, UID, YILMAZ, message

YES, NO, OPEN = InvitationAnswer.YES, InvitationAnswer.NO, InvitationAnswer.OPEN


@pytest.fixture
def world(app, monkeypatch):
    return invited_world(monkeypatch)


def hold(world) -> SeatHold:
    return hold_of(world.police_seat)


def change(statement) -> None:
    with transaction() as session:
        session.execute(statement)


APPLIED, HELD, OLD = ReplyState.APPLIED, ReplyState.HELD, ReplyState.OLD
QUARANTINED, BOUNCED = ReplyState.QUARANTINED, ReplyState.BOUNCED

# Every message of tests/data/replies: what becomes of it, why, and the answer that stands after.
OUTCOMES = {
    "apple-decline-file": (APPLIED, None, NO),
    "assistant-sends": (HELD, ReplyReason.SENDER_DIFFERS, OPEN),
    "bounce-of-exim": (BOUNCED, None, OPEN),
    "bounce-report": (BOUNCED, None, OPEN),
    "delayed-report": (QUARANTINED, ReplyReason.AUTOMATIC, OPEN),
    "delegated": (HELD, ReplyReason.DELEGATED, OPEN),
    "exchange-no-organizer": (APPLIED, None, YES),
    "file-by-name": (APPLIED, None, YES),
    "from-an-alias": (APPLIED, None, YES),
    "google-accept": (APPLIED, None, YES),
    "google-propose": (HELD, ReplyReason.PROPOSAL, OPEN),
    "iphone-propose": (HELD, ReplyReason.PROPOSAL, OPEN),
    "no-answer-in-it": (HELD, ReplyReason.NO_ANSWER, OPEN),
    "no-charset-cp1252": (APPLIED, None, NO),
    "no-dtstamp-lower-case": (APPLIED, None, YES),
    "our-own-request-sent-back": (HELD, ReplyReason.WORDS, OPEN),
    "out-of-office": (QUARANTINED, ReplyReason.AUTOMATIC, OPEN),
    "outlook-decline-comment": (APPLIED, None, NO),
    "outlook-propose-abroad": (HELD, ReplyReason.PROPOSAL, OPEN),
    "party-crasher": (HELD, ReplyReason.SOMEBODY_ELSE, OPEN),
    "secret-of-another-entry": (HELD, ReplyReason.NO_SECRET, OPEN),
    "sequence-of-outlook-only": (APPLIED, None, YES),
    "sloppy-object": (APPLIED, None, YES),
    "spoof-dmarc-fails": (HELD, ReplyReason.NOT_AUTHENTICATED, OPEN),
    "spoof-no-results": (HELD, ReplyReason.NOT_AUTHENTICATED, OPEN),
    "spoof-own-results-below-the-real-ones": (HELD, ReplyReason.NOT_AUTHENTICATED, OPEN),
    "spoof-pass-of-another-domain": (HELD, ReplyReason.NOT_AUTHENTICATED, OPEN),
    "spoof-result-in-a-comment": (HELD, ReplyReason.NOT_AUTHENTICATED, OPEN),
    "spoof-results-of-another-server": (HELD, ReplyReason.NOT_AUTHENTICATED, OPEN),
    "spoof-two-senders": (HELD, ReplyReason.SENDER_DIFFERS, OPEN),
    "thunderbird-tentative": (APPLIED, None, OPEN),
    "two-calendars": (APPLIED, None, YES),
    "unknown-uid": (QUARANTINED, ReplyReason.UNKNOWN_ENTRY, OPEN),
    "without-the-secret-address": (HELD, ReplyReason.NO_SECRET, OPEN),
    "words-only": (HELD, ReplyReason.WORDS, OPEN),
    "zone-nobody-knows": (APPLIED, None, YES),
}  # fmt: skip


def test_every_message_has_an_outcome() -> None:
    assert {path.stem for path in REPLIES.glob("*.eml")} == {*OUTCOMES, "master-and-occurrence"}


def test_each_message_has_its_outcome_once(world, subtests) -> None:
    for name, (state, reason, answer) in OUTCOMES.items():
        with subtests.test(name):
            assert arrive(name) == (state,)
            assert arrive(name) == (), "the same message again changes nothing"
            [kept] = replies()
            assert (kept.state, kept.reason) == (state, reason)
            assert hold(world).answer is answer
            change(update(SeatHold).values(answer=OPEN, answered_at=None))
            change(Reply.__table__.delete())


def test_an_applied_answer_is_the_person_s_own_act(world) -> None:
    change(update(SeatHold).values(answer=NO, answer_recorded_by_id=world.coordinator.id))
    arrive("google-accept")
    held = hold(world)
    assert (held.answer, held.answer_confirmed_at is not None) == (YES, True)
    with reading() as session:
        line = session.scalars(select(AuditEvent).where(AuditEvent.object_kind == "answer")).one()
    assert (line.person_id, line.address) == (world.police.id, "by mail")
    assert line.object_id == world.police_seat.id


def test_two_answers_in_one_mail_are_taken_one_by_one(world) -> None:
    assert arrive("master-and-occurrence") == (APPLIED, APPLIED)
    assert hold(world).answer is NO, "the occurrence was answered a second later"


def test_the_newest_answer_wins_in_whatever_order_they_arrive(world) -> None:
    later = {"20260601T080500Z": "20260601T081500Z", "ACCEPTED": "DECLINED"}
    assert arrive("google-accept", later) == (APPLIED,)
    assert arrive("google-accept") == (OLD,)
    assert hold(world).answer is NO
    assert [one.reason for one in replies()] == [ReplyReason.NEWER_ANSWER, None]


def test_an_answer_on_the_page_that_is_newer_stands(world) -> None:
    change(update(SeatHold).values(answer=NO, answered_at=clock.now()))
    assert arrive("google-accept") == (OLD,)
    assert hold(world).answer is NO


def test_yes_and_no_of_one_moment_are_for_a_person_to_tell(world) -> None:
    assert arrive("google-accept") == (APPLIED,)
    assert arrive("google-accept", {"ACCEPTED": "DECLINED"}) == (HELD,)
    assert hold(world).answer is YES
    assert replies()[-1].reason is ReplyReason.CONTRADICTS


def test_a_clock_that_runs_ahead_does_not_outdo_what_comes_after(world) -> None:
    assert arrive("google-accept", {"20260601T080500Z": "20990101T000000Z"}) == (APPLIED,)
    clock._current.advance(timedelta(minutes=5))
    later = {"20260601T080500Z": "20260601T090400Z", "ACCEPTED": "DECLINED"}
    assert arrive("google-accept", later) == (APPLIED,)
    assert hold(world).answer is NO


def test_an_answer_to_an_older_time_is_kept_and_not_applied(world) -> None:
    change(update(Invitation).values(sequence=2))
    assert arrive("google-accept") == (OLD,)
    assert (hold(world).answer, replies()[0].reason) == (OPEN, ReplyReason.OLDER_ENTRY)


@pytest.mark.parametrize(
    ("statement", "state", "reason"),
    [
        (update(Invitation).values(cancelled_at=START - timedelta(days=15)), OLD, ReplyReason.ENTRY_ENDED),
        (update(SeatHold).values(until_at=START - timedelta(days=15)), OLD, ReplyReason.NO_SEAT),
        (update(Person).where(Person.email == YILMAZ).values(state=AccountState.BLOCKED), HELD, ReplyReason.NO_ACCOUNT),
    ],
    ids=["cancelled", "handed over", "blocked"],
)  # fmt: skip
def test_an_answer_without_ground_changes_nothing(world, statement, state, reason) -> None:
    change(statement)
    assert arrive("google-accept") == (state,)
    assert replies()[0].reason is reason
    with reading() as session:
        assert set(session.scalars(select(SeatHold.answer))) == {OPEN}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("spoof-no-results", ReplyReason.NOT_AUTHENTICATED),
        ("without-the-secret-address", ReplyReason.NO_SECRET),
    ],
)
def test_an_answer_that_comes_too_late_still_says_that_it_is_not_proved(
    world, name, reason
) -> None:
    """What is typed beside it is read by staff as the words of the person invited."""
    change(update(Invitation).values(cancelled_at=START - timedelta(days=15)))
    assert arrive(name) == (OLD,)
    assert replies()[0].reason is reason


def test_a_spoofed_answer_does_not_keep_the_real_one_from_counting(world) -> None:
    assert arrive("spoof-no-results") == (HELD,)
    assert arrive("google-accept") == (APPLIED,)
    assert hold(world).answer is YES


def test_without_a_trusted_server_every_answer_waits(world) -> None:
    assert receive(message("google-accept"), authserv_id=None) == (HELD,)


def test_a_proposal_keeps_our_times_and_shows_its_own(world) -> None:
    with reading() as session:
        before = session.scalars(select(Invitation)).one().starts_at
    arrive("google-propose")
    [kept] = replies()
    assert f"{kept.proposed_starts_at:%d %H:%M}" == "16 08:00"
    with reading() as session:
        assert session.scalars(select(Invitation)).one().starts_at == before


def test_what_was_typed_is_stored_sealed(world) -> None:
    arrive("outlook-decline-comment")
    [kept] = replies()
    assert b"cursus" not in kept.text_ct
    opened = crypto.unseal(crypto.Sealed(kept.text_ct, f"reply:{kept.id}:text"))
    assert opened.startswith("Ik ben op cursus")


def test_of_what_is_not_ours_nothing_is_kept_and_not_for_long(world) -> None:
    arrive("unknown-uid")
    [kept] = replies()
    assert (kept.sender, kept.attendee, kept.uid, kept.text_ct) == ("", "", "", None)
    clock._current.advance(QUARANTINE_KEPT + timedelta(days=1))
    arrive("out-of-office")
    assert [one.reason for one in replies()] == [ReplyReason.AUTOMATIC]


def test_a_bounce_marks_the_address_until_mail_comes_from_it(world) -> None:
    assert arrive("bounce-report") == (BOUNCED,)
    with reading() as session:
        assert session.scalars(select(BouncedAddress.address)).all() == [YILMAZ]
    assert arrive("google-accept") == (APPLIED,)
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(BouncedAddress)) == 0


def test_a_bounce_to_the_fixed_sender_is_known_by_its_message_id(world) -> None:
    fixed = {f"overleg+{TOKEN}@": "overleg@"}
    assert arrive("bounce-report", fixed) == (QUARANTINED,)
    identifier = "<5b8e2d64-7c1f-4a0e-9b33-0d6a1c2e4f55.0.REQUEST@casustafel.example>"
    with transaction() as session:
        session.add(
            MailLog(at=clock.now(), kind="x", person_id=world.police.id, message_id=identifier)
        )
    assert arrive("bounce-report", fixed | {"5.1.1 unknown": "5.1.1"}) == (BOUNCED,)


def test_nobody_can_mark_another_s_address(world) -> None:
    assert arrive("bounce-report", {YILMAZ: "t.mulder@ggz.example"}) == (QUARANTINED,)
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(BouncedAddress)) == 0


def test_a_tentative_answer_takes_a_yes_back_and_stays_open(world) -> None:
    arrive("google-accept")
    assert arrive("thunderbird-tentative", {"T080500Z": "T080600Z"}) == (APPLIED,)
    assert hold(world).answer is OPEN
    assert replies()[-1].participation is Participation.TENTATIVE


def test_two_readers_of_one_message_apply_it_once(app, world) -> None:
    barrier, found = Barrier(2, timeout=60), []

    def read() -> None:
        with app.app_context():
            barrier.wait()
            found.append(arrive("google-accept"))
            db.session.remove()

    threads = [Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [(), (APPLIED,)]
    assert len(replies()) == 1
    with reading() as session:
        lines = select(func.count()).where(AuditEvent.object_kind == "answer")
        assert session.scalar(lines) == 1


def in_a_series(world) -> None:
    """The coordinator's standing entry takes the place of the invitation in the messages."""
    change(update(Invitation).values(uid="another-entry"))
    with transaction() as session:
        series = Series(
            table_id=world.table.id, kind=RhythmKind.WEEKLY, first_on=START.date(),
            last_on=START.date(), start=START.time(), minutes=60, made_at=clock.now(),
        )  # fmt: skip
        session.add(series)
        session.flush()
        session.add(
            SeriesEntry(
                series_id=series.id, person_id=world.police.id, audience=SeriesAudience.STAFF,
                uid=UID, told="{}", changed_at=clock.now(),
            )
        )  # fmt: skip


def test_a_yes_to_a_series_is_kept_and_touches_no_seat(world) -> None:
    in_a_series(world)
    assert arrive("google-accept") == (APPLIED,)
    assert (hold(world).answer, replies()[0].table_id) == (OPEN, world.table.id)


def test_a_no_to_a_series_waits_for_staff_of_its_table(client, world) -> None:
    in_a_series(world)
    assert arrive("outlook-decline-comment") == (HELD,)
    assert replies()[0].reason is ReplyReason.SERIES
    page = client.sign_in(world.coordinator.id).page(f"/replies/{replies()[0].id}")
    assert "Ik ben op cursus" in page.text
    assert "vaste reeks" in page.text
    assert "MDA++ Deltaland" in client.page("/replies").text


def test_an_answer_to_the_rule_is_not_old_because_one_day_was_told_apart(world) -> None:
    in_a_series(world)
    with transaction() as session:
        entry = session.scalars(select(SeriesEntry)).one()
        entry.sequence = 1
        session.add(
            SeriesException(
                entry_id=entry.id, planned_at=START, starts_at=START,
                ends_at=START + timedelta(hours=1), sequence=1, changed_at=clock.now(),
            )
        )  # fmt: skip
    assert arrive("outlook-decline-comment") == (HELD,), "of the rule at its own SEQUENCE"
    assert arrive("zone-nobody-knows") == (OLD,), "of the day, before it was told apart"
    assert [one.reason for one in replies()] == [ReplyReason.SERIES, ReplyReason.OLDER_ENTRY]


def test_an_answer_to_a_whole_meeting_touches_no_seat(world) -> None:
    change(update(Invitation).values(is_whole=True))
    assert arrive("google-accept") == (APPLIED,)
    assert hold(world).answer is OPEN
