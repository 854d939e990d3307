"""Before a meeting is moved or cancelled its staff see who gets which message: just those who do."""

import pytest
from sqlalchemy import select, update

from app.domain.kinds import AccountState
from app.infra import outbox
from app.infra.db import transaction
from app.models import Person, Seat
from tests import builders


@pytest.fixture
def world(app):
    """Four people hold seats; one was blocked, one excluded, one not invited."""
    made = builders.small_world()
    for name, at in (("B. Blok", made.item), ("E. Eruit", made.item)):
        builders.seat(at, made.care_organisation, builders.person(made.care_organisation, name))
    late = builders.person(made.police_organisation, "L. Laat")
    builders.seat(made.second_item, made.police_organisation, late, invited=False)
    builders.exclusion(named("E. Eruit"), made.case, made.chair)
    with transaction() as session:
        session.execute(
            update(Person).where(Person.name == "B. Blok").values(state=AccountState.BLOCKED)
        )
    return made


@pytest.fixture
def chair(client, world):
    return client.sign_in(world.chair.id)


def named(name):
    with transaction() as session:
        return session.scalars(select(Person).where(Person.name == name)).one()


def shows_others(page) -> bool:
    return any(name in page.html for name in ("B. Blok", "E. Eruit", "L. Laat"))


def test_the_names_before_moving_are_those_that_get_a_mail(chair, world, mails):
    path = f"/meetings/{world.meeting.id}/times"
    page = chair.page(path)
    assert f"{world.police.name} (Politie)" in page.text
    assert f"{world.care.name} (GGZ Delta)" in page.text
    assert "krijgen 4 mensen een gewijzigde uitnodiging" in page.text
    assert not shows_others(page)
    assert chair.fill(path, {"day": "22-6-2026"}).status_code == 303
    outbox.drain(most=1000)
    told = (world.police, world.care, world.chair, world.coordinator)
    assert {mail.to for mail in mails()} == {one.email for one in told}


def test_the_names_before_cancelling(chair, world):
    page = chair.page(f"/meetings/{world.meeting.id}/cancel")
    assert "4 mensen krijgen een afzegging" in page.text
    assert f"{world.police.name} (Politie)" in page.text
    assert not shows_others(page)


def test_many_names_are_folded(chair, world):
    for _ in range(12):
        builders.seat(
            world.second_item, world.police_organisation, builders.person(world.police_organisation)
        )
    page = chair.page(f"/meetings/{world.meeting.id}/times")
    assert "krijgen 16 mensen" in page.text
    assert "<summary>Toon de namen</summary>" in page.html


def test_who_is_kept_out_of_a_case_does_not_learn_who_sits_there(chair, world):
    builders.exclusion(world.chair, world.case, world.coordinator)
    page = chair.page(f"/meetings/{world.meeting.id}/times")
    assert world.police.name not in page.html
    assert f"{world.care.name} (GGZ Delta)" in page.text
    assert "gesloten blok" in page.text


def test_before_anybody_is_invited_only_the_staff_hear(chair, world):
    with transaction() as session:
        session.execute(update(Seat).values(invited_at=None))
    for act in ("times", "cancel"):
        page = chair.page(f"/meetings/{world.meeting.id}/{act}")
        assert world.chair.name in page.text
        assert world.coordinator.name in page.text
        assert world.police.name not in page.html


def test_the_lists_take_a_fixed_number_of_statements(chair, world, count_statements):
    path = f"/meetings/{world.meeting.id}/times"
    chair.page(path)
    with count_statements() as few:
        chair.page(path)
    builders.seat(
        world.second_item, world.police_organisation, builders.person(world.police_organisation)
    )
    with count_statements() as many:
        chair.page(path)
    # One of them for the rooms to choose from.
    assert len(few) == len(many) <= 9
