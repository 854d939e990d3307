"""No mail leaves with a word of a case in it: it goes without, or is stopped; only where is told."""

import logging
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.access import load_actor
from app.access.messages import leak_findings, leak_gate
from app.access.messages.leak_findings import LeftOut
from app.domain.kinds import MailState
from app.domain.leaks import findings
from app.infra import clock, letters, outbox
from app.infra.calendar_queue import queue_calendar
from app.infra.db import reading, transaction
from app.infra.mail import DeliveryFailed
from app.infra.outbox import OutboxRow
from app.infra.round_memory import remembering
from app.models import AuditEvent, Case, CaseTable, LeakFinding, MailLog, Meeting
from tests import builders
from tests.statements import counted

# Texts in five statements and the keys to them; two lines in the log of three statements each.
LOOKING = 12


@pytest.fixture
def world(app):
    made = builders.small_world()
    builders.section(
        made.second_case, made.types["identity"], made.host, "Naam: Fatima El Amrani\nGeboren: 3-12-2014",
    )  # fmt: skip
    return made


def send(world, *, place: str = "", people=None) -> None:
    with transaction() as session:
        if place:
            session.execute(update(Meeting).values(place=place))
        queue_calendar(session, world.meeting.id, [one.id for one in people or [world.police]])
    while outbox.drain():
        pass


def stopped() -> list[OutboxRow]:
    with reading() as session:
        return list(
            session.scalars(
                select(OutboxRow).where(
                    OutboxRow.dead_at.is_not(None), OutboxRow.dropped_at.is_(None)
                )
            )
        )


def checks_noted() -> list[AuditEvent]:
    with reading() as session:
        return list(
            session.scalars(
                select(AuditEvent).where(AuditEvent.object_kind.startswith("leak-check"))
            )
        )


def left_out(world, who) -> set[str]:
    with reading() as session:
        meeting = session.get_one(Meeting, world.meeting.id)
        actor = load_actor(session, who.id, now=clock.now())
        return set(leak_findings.left_out_at(session, actor, meeting))


def test_a_place_that_names_somebody_is_left_out(world, mails, caplog):
    """Also for a recipient of another case: the place is the same for all."""
    caplog.set_level(logging.DEBUG)
    send(world, place="Bij Fatima thuis")
    [mail] = mails()
    whole = f"{mail.subject}{mail.text}{mail.html}{mail.calendar}"
    assert "atima" not in whole + caplog.text
    assert "LOCATION" not in mail.calendar
    assert "13.10 tot 13.40" in mail.text, "the hour is still told"
    assert stopped() == []
    with reading() as session:
        assert session.scalars(select(MailLog.state)).all() == [MailState.SENT]
        [finding] = session.scalars(select(LeakFinding)).all()
        assert (finding.case_id, finding.place) == (world.second_case.id, "leak-place")


def test_who_may_see_the_case_is_told_what_was_left_out(world, mails):
    send(world, place="Bij Fatima thuis")
    assert left_out(world, world.chair) == {LeftOut.PLACE}
    assert left_out(world, world.police) == set()
    builders.exclusion(world.chair, world.second_case, world.coordinator)
    assert left_out(world, world.chair) == set()
    assert left_out(world, world.coordinator) == {LeftOut.PLACE}


def test_another_place_is_told_and_the_notice_goes(world, mails):
    send(world, place="Bij Fatima thuis")
    send(world, place="Zaal 9")
    assert {one.subject.split()[0]: "Zaal 9" in one.text for one in mails()} == {
        "Uitnodiging": False,
        "Gewijzigd:": True,
    }
    assert left_out(world, world.chair) == set()


@pytest.mark.parametrize("place", ["geb. 03122014", "Reference", "imported"])
def test_dates_references_and_numbers_count_too(world, mails, place):
    words = {"Reference": world.case.reference.lower(), "imported": "pv 2026 0012"}
    with transaction() as session:
        session.execute(update(Case).values(imported_number=Case.reference + "x"))
        session.execute(
            update(Case).where(Case.id == world.case.id).values(imported_number="PV2026-0012")
        )
    send(world, place=words.get(place, place))
    [mail] = mails()
    assert "Plaats" not in mail.text
    assert left_out(world, world.chair) == {LeftOut.PLACE}


def test_words_of_a_table_that_name_somebody_become_the_neutral_ones(world, mails):
    """Together with the place: both are left out of one mail."""
    with transaction() as session:
        session.get_one(CaseTable, world.table.id).calendar_words = "Overleg El-Amrani, wekelijks"
    send(world, place="Bij Fatima thuis")
    [mail] = mails()
    assert "SUMMARY:Overleg\r\n" in mail.calendar
    assert "LOCATION" not in mail.calendar
    assert left_out(world, world.chair) == {LeftOut.PLACE, LeftOut.TITLE}


def test_what_nothing_can_be_left_out_of_is_stopped(world, mails):
    """The name of the file is the same for every mail."""
    builders.section(world.case, world.types["identity"], world.host, "Naam: Uitnodiging")
    send(world)
    assert mails() == ()
    [row] = stopped()
    assert (row.reason, row.attempts, row.person_id) == ("leak-file", 1, world.police.id)
    with reading() as session:
        assert session.scalars(select(MailLog.state)).all() == [MailState.FAILED]
        assert session.scalars(select(LeakFinding.outbox_id)).all() == [row.id]


def test_values_beside_the_place_do_not_count_as_the_product_s_own(world):
    with pytest.raises(DeliveryFailed) as caught:
        letters.send(
            "seat_free",
            letters.Recipient(email="a@x.example", name="A. Yilmaz", language="nl"),
            identifier="<a@x.example>",
            values={
                "name": "A. Yilmaz",
                "starts_at": world.meeting.starts_at,
                "moment": "15-06",
                "url": "https://casustafel.test/fatima",
            },
            about=letters.About(meeting_id=world.meeting.id),
        )
    assert caught.value.code.startswith("leak-text-")
    assert not caught.value.temporary


def test_a_neutral_message_passes_and_the_reading_is_noted_once(world, mails):
    for place in ("", "Zaal 3", "Zaal 4"):
        send(world, place=place, people=[world.police, world.care])
    assert len(mails()) == 6
    kinds = sorted(one.object_kind for one in checks_noted())
    assert kinds == ["leak-check:invitation", "leak-check:invitation_changed"]
    assert {(one.person_id, one.meeting_id, one.event) for one in checks_noted()} == {
        (None, world.meeting.id, "read")
    }


def test_the_texts_are_read_once_for_all_recipients(world, mails):
    people = [world.police, world.care]
    for _ in range(6):
        who = builders.representative(world.care_organisation, world.table)
        builders.seat(world.item, world.care_organisation, who)
        people.append(who)
    with transaction() as session:
        queue_calendar(session, world.meeting.id, [one.id for one in people])
    with counted() as sent, remembering():
        while outbox.drain(most=3):
            pass
    assert len(mails()) == len(people)
    assert len([one for one in sent if "section.text_ct" in one]) == 1


def test_a_series_is_held_against_the_cases_still_to_come(world, mails):
    """Not against every case of a year: what is over is neither read nor opened."""
    series = builders.series(world.table)
    with transaction() as session:
        days = session.scalars(
            select(Meeting).where(Meeting.series_id == series.id).order_by(Meeting.starts_at)
        ).all()
    builders.item(days[0], world.second_case)
    words = _words_of_series(series.id)
    assert set(words) == {world.second_case.id}
    clock._current.advance(days[0].ends_at - clock.now() + timedelta(seconds=1))
    assert _words_of_series(series.id) == {}


def _words_of_series(series_id) -> dict:
    with counted() as sent, remembering():
        words = leak_gate._words("series", letters.About(series_id=series_id))
        leak_gate._words("series_changed", letters.About(series_id=series_id))
        again = len(sent)
        leak_gate._words("series", letters.About(series_id=series_id))
    assert again == len(sent) <= LOOKING, "\n".join(sent)
    return dict(words.by_case)


def test_names_added_while_a_long_round_goes_on_count_soon(world, mails):
    """A round against a slow server may take an hour."""
    with remembering():
        assert findings("Bij Fatima", leak_gate._words("invitation", about(world)).every)
        assert not findings("Bij Hendrika", leak_gate._words("invitation", about(world)).every)
        builders.section(world.case, world.types["identity"], world.host, "Naam: Hendrika Pol")
        clock._current.advance(leak_gate.REMEMBERED_FOR + timedelta(seconds=1))
        assert findings("Bij Hendrika", leak_gate._words("invitation", about(world)).every)


def about(world) -> letters.About:
    return letters.About(meeting_id=world.meeting.id)


def test_a_text_whose_key_is_gone_counts_no_more(world, mails):
    from app.domain.kinds import RetentionClass
    from app.infra import crypto

    crypto.store().destroy(crypto.KeyScope.of_case(world.case.id, RetentionClass.IDENTITY))
    send(world, place="Bij Kanarienaam")
    assert "Kanarienaam" in mails()[0].text
    send(world, place="Bij Fatima")
    assert "Fatima" not in mails()[0].text


def test_planners_are_warned_but_learn_nothing_of_a_case_closed_to_them(world):
    def warned(who) -> bool:
        with reading() as session:
            actor = load_actor(session, who.id, now=clock.now())
        return leak_gate.says_something(actor, world.meeting.id, "Bij Fatima", "")

    assert warned(world.chair)
    assert not warned(world.stranger)
    builders.exclusion(world.chair, world.second_case, world.coordinator)
    assert not warned(world.chair)
    assert warned(world.coordinator)
