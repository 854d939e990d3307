"""View as seat shows what the occupant really gets, and leaves only the viewer's own trace."""

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, func, select, update

from app.access import load_actor
from app.access.opened import OpenedMeeting, open_texts
from app.access.seats import slots
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import AccountState
from app.features.agenda.previewing import read_preview
from app.features.meetings import sending
from app.infra import clock
from app.infra.db import reading, transaction
from app.models import Acceptance, ActionShown, AuditEvent, Declaration, Meeting, Person, Seat
from tests import builders


@pytest.fixture
def world(app):
    return builders.small_world()


def actor_of(person: Person):
    with reading() as session:
        return load_actor(session, person.id, now=clock.now())


def real_page(person: Person, meeting_id: uuid.UUID) -> OpenedMeeting:
    actor, now = actor_of(person), clock.now()
    with transaction() as session:
        content = slots.read_own_meeting(session, actor, meeting_id, now=now)
    return open_texts(content)


def words(page: OpenedMeeting | None) -> list[str]:
    assert page is not None
    return [section.text for item in page.items for section in item.sections]


def shown_from_before(world):
    """An action of an earlier item, which the chair shows at this one."""
    when = clock.now() - timedelta(days=14)
    before = builders.item(builders.meeting(world.table, starts_at=when), world.case)
    action = builders.action(
        before, world.care_organisation, None, world.chair,
        safe="Terugbellen", full="Bel de huisarts", recorded_at=when, due_on=date(2026, 12, 31),
    )  # fmt: skip
    shown = {"action_id": action.id, "item_id": world.item.id}
    builders.save(ActionShown(**shown, agreed_by_id=world.chair.id, agreed_at=clock.now()))
    return action


def test_the_preview_is_what_the_occupant_gets_once_open_and_accepted(world, frozen_clock):
    chair = actor_of(world.chair)
    left = shown_from_before(world)
    seen = read_preview(chair, world.police_seat.id).content
    assert words(seen) == ["Kanarieaanleiding", "Kanarieveiligheid"]
    assert [one.full for item in seen.items for one in item.carried] == ["Bel de huisarts"]
    with reading() as session:
        read = select(AuditEvent.person_id).where(AuditEvent.object_id == left.id)
        assert session.scalars(read).all() == [world.chair.id]
    sending.publish(chair, world.meeting.id)
    builders.acceptance(world.police, world.meeting)
    frozen_clock.advance(timedelta(days=8))
    real = real_page(world.police, world.meeting.id)
    assert seen is not None
    assert seen.items == real.items
    assert seen.own_input == real.own_input
    again = read_preview(chair, world.police_seat.id).content
    assert again == real


def test_the_preview_shows_what_comes_after_the_answer(world):
    """Who may see who is concerned reads nothing before saying to know nobody."""
    with transaction() as session:
        session.execute(delete(Declaration))
    builders.disclosure(world.police_seat, world.sections["identity"], world.chair)
    chair = actor_of(world.chair)
    seen = read_preview(chair, world.police_seat.id).content
    assert words(seen) == ["Kanarieaanleiding", "Kanarieveiligheid"]
    sending.publish(chair, world.meeting.id)
    builders.acceptance(world.police, world.meeting)
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(Declaration)) == 0
        session.execute(update(Meeting).values(opens_at=clock.now()))
    assert words(real_page(world.police, world.meeting.id)) == []
    builders.declaration(world.police, world.sections["identity"])
    assert real_page(world.police, world.meeting.id).items == seen.items


def test_a_preview_changes_nothing_and_is_recorded_as_the_viewers(world):
    chair = actor_of(world.chair)
    read_preview(chair, world.police_seat.id)
    with reading() as session:
        assert session.get(Meeting, world.meeting.id).published_at is None
        assert session.scalar(select(func.count()).select_from(Acceptance)) == 0
        logged = session.execute(
            select(AuditEvent.person_id, AuditEvent.event, AuditEvent.ground, AuditEvent.section_id)
        ).all()
    assert {tuple(one) for one in logged} == {
        (world.chair.id, "read", "staff", world.sections["reason"].id),
        (world.chair.id, "read", "staff", world.sections["safety"].id),
        # Question and decisions of the item.
        (world.chair.id, "read", "staff", None),
    }


def test_an_uninvited_occupant_can_be_previewed_too(world):
    with transaction() as session:
        session.execute(update(Seat).values(invited_at=None))
    seen = read_preview(actor_of(world.chair), world.police_seat.id).content
    assert words(seen) == ["Kanarieaanleiding", "Kanarieveiligheid"]


def test_a_case_the_viewer_is_barred_from_stays_out(world):
    other = builders.section(world.second_case, world.types["reason"], world.host, "Kanarietweede")
    builders.disclosure(world.second_care_seat, other, world.chair)
    assert words(read_preview(actor_of(world.chair), world.care_seat.id).content) == [
        "Kanarieaanleiding", "Kanariegezondheid", "Kanarietweede",
    ]  # fmt: skip
    builders.exclusion(world.coordinator, world.second_case, world.chair)
    seen = read_preview(actor_of(world.coordinator), world.care_seat.id).content
    assert words(seen) == ["Kanarieaanleiding", "Kanariegezondheid"]
    with pytest.raises(NotVisible):
        read_preview(actor_of(world.coordinator), world.second_care_seat.id)


def test_a_case_that_stays_out_leaves_no_gap_in_the_numbers(world):
    """Bespreking 2 without a first would tell the viewer that this occupant sits there."""
    reason = builders.section(world.second_case, world.types["reason"], world.host, "Tweede")
    builders.disclosure(world.second_care_seat, reason, world.chair)
    seen = read_preview(actor_of(world.chair), world.second_care_seat.id).content
    assert [one.number for one in seen.items] == [1, 2]
    builders.exclusion(world.coordinator, world.case, world.chair)
    seen = read_preview(actor_of(world.coordinator), world.second_care_seat.id).content
    assert [one.number for one in seen.items] == [1]
    assert [one.number for one in seen.frame.slots] == [1]


def test_nobody_else_previews(world):
    with pytest.raises(NotVisible):
        read_preview(actor_of(world.stranger), world.police_seat.id)
    with pytest.raises(NotVisible):
        read_preview(actor_of(world.police), world.care_seat.id)


def test_an_excluded_occupant_sees_nothing(world):
    builders.exclusion(world.police, world.case, world.chair)
    assert read_preview(actor_of(world.chair), world.police_seat.id).content is None


def test_an_empty_seat_or_inactive_account_has_no_preview(world):
    chair = actor_of(world.chair)
    empty = builders.seat(world.item, world.host)
    with pytest.raises(Refusal) as caught:
        read_preview(chair, empty.id)
    assert caught.value.reason is Reason.NO_OCCUPANT
    with transaction() as session:
        session.execute(
            update(Person).where(Person.id == world.police.id).values(state=AccountState.BLOCKED)
        )
    with pytest.raises(Refusal) as caught:
        read_preview(chair, world.police_seat.id)
    assert caught.value.reason is Reason.PERSON_NOT_ACTIVE
