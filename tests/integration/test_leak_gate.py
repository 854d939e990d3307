"""No mail leaves with a word of a case in it: it is stopped, the place is told, the word is not."""

import logging

import pytest
from sqlalchemy import select, update

from app.access import leak_gate, load_actor
from app.domain.kinds import MailState
from app.infra import clock, letters, outbox
from app.infra.calendar_queue import queue_calendar
from app.infra.db import reading, transaction
from app.infra.mail import DeliveryFailed
from app.infra.outbox import OutboxRow
from app.models import AuditEvent, Case, CaseTable, MailLog, Meeting
from tests import builders
from tests.statements import counted


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


def test_a_place_that_names_somebody_stops_the_message(world, mails, caplog):
    """Also for a recipient of another case: the place is the same for all."""
    caplog.set_level(logging.DEBUG)
    send(world, place="Bij Fatima thuis")
    assert mails() == ()
    [row] = stopped()
    assert (row.reason, row.attempts, row.person_id) == ("leak-place", 1, world.police.id)
    with reading() as session:
        assert session.scalars(select(MailLog.state)).all() == [MailState.FAILED]
    assert "atima" not in caplog.text
    assert "atima" not in row.payload + row.reason


def test_another_place_sends_it_after_all(world, mails):
    send(world, place="Bij Fatima thuis")
    send(world, place="Zaal 9")
    [mail] = mails()
    assert mail.subject.startswith("Uitnodiging"), "the first never arrived"
    assert "Zaal 9" in mail.text
    assert stopped() == []


@pytest.mark.parametrize("place", ["geb. 03122014", "Reference", "imported"])
def test_dates_references_and_numbers_stop_it_too(world, mails, place):
    words = {"Reference": world.case.reference.lower(), "imported": "pv 2026 0012"}
    with transaction() as session:
        session.execute(update(Case).values(imported_number=Case.reference + "x"))
        session.execute(
            update(Case).where(Case.id == world.case.id).values(imported_number="PV2026-0012")
        )
    send(world, place=words.get(place, place))
    assert mails() == ()
    assert [row.reason for row in stopped()] == ["leak-place"]


def test_words_of_a_table_that_name_somebody_are_stopped_as_well(world, mails):
    with transaction() as session:
        session.get_one(CaseTable, world.table.id).calendar_words = "Overleg El-Amrani"
    send(world)
    assert mails() == ()
    assert [row.reason for row in stopped()] == ["leak-calendar-SUMMARY"]


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
    with counted() as sent:
        outbox.drain()
    assert len(mails()) == len(people)
    assert len([one for one in sent if "section.text_ct" in one]) == 1


def test_a_text_whose_key_is_gone_stops_nothing(world, mails):
    from app.domain.kinds import RetentionClass
    from app.infra import crypto

    crypto.store().destroy(crypto.KeyScope.of_case(world.case.id, RetentionClass.IDENTITY))
    send(world, place="Bij Kanarienaam")
    assert len(mails()) == 1
    send(world, place="Bij Fatima")
    assert len(mails()) == 1


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
