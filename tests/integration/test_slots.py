"""What an occupant gets of one meeting at every clock, and that others get nothing at all."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.access import load_actor
from app.access.opened import open_texts
from app.access.seats.slots import read_own_meeting
from app.domain.errors import NotVisible
from app.domain.kinds import AccountState, HoldEnd
from app.infra import clock
from app.infra.db import reading, transaction
from app.models import Acceptance, AuditEvent, Covenant, Meeting, Person, Seat, SeatHold, TableRole
from tests import builders

SECRETS = ("Kanarieaanleiding", "Kanarieveiligheid", "Kanariekinderen", "Kanariegezondheid")


@pytest.fixture
def world(app):
    return builders.small_world(open_papers=True)


def look(who, meeting, **how):
    """The content as this person's page opens it."""
    now = clock.now()
    with transaction() as session:
        actor = load_actor(session, who.id, now=now)
        content = read_own_meeting(session, actor, meeting.id, now=now, **how)
    return open_texts(content)


def words(page) -> str:
    """Everything confidential in it."""
    held = [one.text for item in page.items for one in item.sections]
    held += [item.question for item in page.items]
    held += [one.text for one in (*page.own_input, *page.decisions)]
    return " ".join(held)


def change(model, *where, **values) -> None:
    with transaction() as session:
        session.execute(update(model).where(*where).values(**values))


def end_hold(seat, why: HoldEnd) -> None:
    change(SeatHold, SeatHold.seat_id == seat.id, until_at=clock.now(), ended=why)


def not_a_representative(who) -> None:
    change(TableRole, TableRole.person_id == who.id, until_at=clock.now())


# What opens


def test_a_seat_opens_its_own_disclosures_and_no_more(world):
    page = look(world.care, world.meeting)
    first = page.items[0]
    assert first.reference == world.case.reference
    assert first.question == builders.QUESTION
    texts = [one.text for one in first.sections]
    assert "Kanarieaanleiding" in texts, "disclosed"
    assert "Kanariegezondheid" in texts, "its own as the source"
    assert "Kanarieveiligheid" not in words(page), "disclosed to another seat only"
    assert "Kanariekinderen" not in words(page), "disclosed to nobody"
    assert "Kanarienaam" not in words(page), "names are an act of their own"


def test_names_open_only_when_asked_and_disclosed(world):
    builders.disclosure(world.care_seat, world.sections["identity"], world.coordinator)
    assert "Kanarienaam" not in words(look(world.care, world.meeting))
    assert "Kanarienaam" in words(look(world.care, world.meeting, with_names=True))


def test_names_not_disclosed_stay_closed_though_asked(world):
    assert "Kanarienaam" not in words(look(world.care, world.meeting, with_names=True))


def test_items_carry_personal_numbers_and_true_times(world):
    police, care = look(world.police, world.meeting), look(world.care, world.meeting)
    assert [slot.number for slot in police.frame.slots] == [1]
    assert [slot.number for slot in care.frame.slots] == [1, 2]
    assert [slot.starts_at for slot in care.frame.slots] == [
        world.item.starts_at,
        world.second_item.starts_at,
    ]


def test_another_item_leaves_no_trace(world):
    page = look(world.police, world.meeting)
    assert [item.reference for item in page.items] == [world.case.reference]
    assert world.second_case.reference not in repr(page)
    assert world.opening.id not in {slot.item_id for slot in page.frame.slots}


def test_participants_are_those_of_the_item(world):
    page = look(world.police, world.meeting)
    assert {one.name for one in page.items[0].participants} == {"A. Yilmaz", "T. Mulder"}


def test_a_staff_only_seat_is_not_named(world):
    change(Seat, Seat.id == world.care_seat.id, is_staff_only=True)
    page = look(world.police, world.meeting)
    assert {one.name for one in page.items[0].participants} == {"A. Yilmaz"}
    assert "GGZ" not in repr(page.items[0].participants)


def test_a_text_does_not_name_a_source_that_does_not_show_at_the_item(world):
    builders.disclosure(
        world.police_seat,
        world.sections["health"],
        world.coordinator,
        source_decided_at=clock.now(),
    )
    (shown,) = [
        one for one in look(world.police, world.meeting).items[0].sections if "GGZ" in one.source
    ]
    change(Seat, Seat.id == world.care_seat.id, is_staff_only=True)
    page = look(world.police, world.meeting)
    (masked,) = [one for one in page.items[0].sections if one.id == shown.id]
    assert masked.source == ""


def test_a_section_of_the_source_needs_its_decision(world):
    builders.disclosure(world.police_seat, world.sections["health"], world.coordinator)
    assert "Kanariegezondheid" not in words(look(world.police, world.meeting))


def test_a_section_the_source_allowed_opens(world):
    builders.disclosure(
        world.police_seat,
        world.sections["health"],
        world.coordinator,
        source_decided_at=clock.now(),
        source_decided_by_id=world.care.id,
        source_basis="consent",
    )
    assert "Kanariegezondheid" in words(look(world.police, world.meeting))


# The clock


def test_before_publication_only_the_slot(world):
    change(Meeting, Meeting.id == world.meeting.id, published_at=None)
    not_a_representative(world.police)
    page = look(world.police, world.meeting)
    assert page.frame.slots
    assert not page.frame.published
    assert not page.items
    assert words(page) == ""


def test_before_acceptance_the_text_to_accept_and_no_content(world):
    with transaction() as session:
        for row in session.scalars(select(Acceptance)):
            session.delete(row)
    not_a_representative(world.police)
    page = look(world.police, world.meeting)
    assert page.frame.published
    assert not page.frame.accepted
    assert page.frame.confidentiality_nl
    assert words(page) == ""


def test_before_the_window_opens_no_content(world):
    change(Meeting, Meeting.id == world.meeting.id, opens_at=clock.now() + timedelta(seconds=1))
    not_a_representative(world.police)
    assert words(look(world.police, world.meeting)) == ""


def test_the_window_is_half_open(world):
    not_a_representative(world.police)
    change(Meeting, Meeting.id == world.meeting.id, opens_at=clock.now())
    assert "Kanarieaanleiding" in words(look(world.police, world.meeting))
    change(Meeting, Meeting.id == world.meeting.id, closes_at=clock.now())
    assert words(look(world.police, world.meeting)) == ""


def test_after_the_window_own_input_and_no_question(world):
    change(Meeting, Meeting.id == world.meeting.id, closes_at=clock.now())
    page = look(world.care, world.meeting)
    assert not page.items
    assert words(page) == "Kanariegezondheid"


def test_without_a_covenant_no_content(world):
    change(Covenant, Covenant.organisation_id == world.care_organisation.id, until_at=clock.now())
    page = look(world.care, world.meeting)
    assert not page.items
    assert words(page) == "Kanariegezondheid", "own input stays the source's own"


# Who gets nothing


def nothing(who, meeting) -> None:
    with pytest.raises(NotVisible):
        look(who, meeting)


def test_a_colleague_without_a_seat_gets_nothing(world):
    nothing(world.police_colleague, world.meeting)


def test_staff_without_a_seat_have_no_own_page(world):
    nothing(world.chair, world.meeting)
    nothing(world.stranger, world.meeting)
    nothing(world.administrator, world.meeting)


def test_a_meeting_that_is_not_there_answers_the_same(world):
    with transaction() as session, pytest.raises(NotVisible):
        read_own_meeting(
            session,
            load_actor(session, world.police.id, now=clock.now()),
            uuid.uuid4(),
            now=clock.now(),
        )


@pytest.mark.parametrize("why", list(HoldEnd))
def test_a_former_holder_gets_nothing(world, why):
    end_hold(world.police_seat, why)
    nothing(world.police, world.meeting)


def test_a_recused_person_loses_the_item_and_keeps_the_other(world):
    builders.recusal(world.care, world.case)
    page = look(world.care, world.meeting)
    assert [slot.item_id for slot in page.frame.slots] == [world.second_item.id]
    assert world.case.reference not in repr(page)
    assert not any(secret in words(page) for secret in SECRETS), "own input included"


def test_an_excluded_person_loses_the_item_and_its_number(world):
    builders.exclusion(world.care, world.case, world.coordinator)
    page = look(world.care, world.meeting)
    assert [slot.number for slot in page.frame.slots] == [1]
    assert world.case.reference not in repr(page)
    assert not any(secret in words(page) for secret in SECRETS)


def test_an_excluded_occupant_is_not_named_to_the_others(world):
    builders.exclusion(world.care, world.case, world.coordinator)
    page = look(world.police, world.meeting)
    assert {one.name for one in page.items[0].participants} == {"A. Yilmaz"}


def test_excluded_from_everything_there_is_no_meeting(world):
    builders.exclusion(world.police, world.case, world.coordinator)
    nothing(world.police, world.meeting)


def test_a_blocked_account_and_a_mover_get_nothing(world):
    change(Person, Person.id == world.police.id, organisation_id=world.care_organisation.id)
    nothing(world.police, world.meeting)
    change(Person, Person.id == world.care.id, state=AccountState.BLOCKED)
    nothing(world.care, world.meeting)


def test_a_removed_or_uninvited_seat_and_a_cancelled_meeting_show_nothing(world):
    change(Seat, Seat.id == world.police_seat.id, removed_at=clock.now())
    nothing(world.police, world.meeting)
    change(Meeting, Meeting.id == world.meeting.id, cancelled_at=clock.now())
    nothing(world.care, world.meeting)


def test_an_earlier_meeting_opens_nothing_of_a_later_one(world):
    later = builders.published(world.table, starts_at=builders.MEETING_START + timedelta(days=14))
    item = builders.item(later, world.case)
    builders.seat(item, world.police_organisation, world.police)
    builders.acceptance(world.police, later)
    not_a_representative(world.police)
    page = look(world.police, later)
    assert page.items[0].question == builders.QUESTION
    assert not page.items[0].sections, "disclosures do not carry over"


# What is written down


def test_every_text_opened_is_recorded(world):
    builders.decision(world.item, world.chair, "Kanariebesluit", to=[world.care_seat])
    page = look(world.care, world.meeting)
    assert "Kanariebesluit" in words(page)
    with reading() as session:
        rows = session.execute(
            select(AuditEvent.object_kind, AuditEvent.event, AuditEvent.ground).where(
                AuditEvent.person_id == world.care.id
            )
        ).all()
    kinds = [row.object_kind for row in rows]
    assert kinds.count("question") == 2
    assert kinds.count("decision") == 1
    assert kinds.count("section") == sum(len(item.sections) for item in page.items)
    assert {row.event for row in rows} == {"read"}


def test_the_statements_do_not_grow_with_the_meeting(world, count_statements):
    look(world.care, world.meeting)
    with count_statements() as few:
        look(world.care, world.meeting)
    last = world.second_item
    for number in range(6):
        case = builders.case(world.table, world.host)
        last = builders.item(world.meeting, case, after=last)
        seat = builders.seat(last, world.care_organisation, world.care)
        section = builders.section(case, world.types["reason"], world.host, f"Meer {number}")
        builders.disclosure(seat, section, world.coordinator)
        builders.decision(last, world.chair, f"Besluit {number}", to=[seat])
    with count_statements() as many:
        assert len(look(world.care, world.meeting).items) == 8
    assert len(many) == len(few)
    assert len(many) <= 9
