"""Twice a year organisations are asked who still works there; silence ends access after six weeks."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.domain.kinds import AccountState, AnnouncementKind, RecertificationAnswer
from app.features.recertification import rounds
from app.infra import clock, outbox
from app.infra.db import reading, transaction
from app.models import (
    Announcement,
    AuditEvent,
    Meeting,
    Organisation,
    Person,
    Recertification,
    RecertifiedPerson,
    WebSession,
)
from tests import builders
from tests.seats import change


@pytest.fixture
def told(mails):
    """Who got which of the letters of the room, since the last time asked."""
    seen = []

    def told():
        while outbox.drain():
            pass
        found = mails()
        new = found[: len(found) - len(seen)]
        seen.extend(new)
        return {(one.to, one.subject) for one in new}

    told()
    return told


def all_of(model, *conditions):
    with reading() as session:
        return session.scalars(select(model).where(*conditions)).all()


def round_of(organisation):
    [one] = all_of(Recertification, Recertification.organisation_id == organisation.id)
    return one


def answers(organisation):
    asked = all_of(
        RecertifiedPerson, RecertifiedPerson.recertification_id == round_of(organisation).id
    )
    return {one.person_id: one.answer for one in asked}


ASKED = "Wie werkt er nog bij uw organisatie?"
AGAIN = "Nog te bevestigen: wie werkt er nog bij uw organisatie?"
LATE = "Een organisatie heeft haar mensen niet bevestigd"
ENDED = "Uw account is beëindigd"


def test_silence_is_repeated_told_and_then_ends_access(world, told, new_client, frozen_clock):
    police = world.police_organisation
    inside = new_client().sign_in(world.police.id)
    rounds.look()
    theirs = {one.id for one in all_of(Person, Person.organisation_id == police.id)}
    assert theirs >= {world.police.id, world.second.id, world.contact.id}
    assert set(answers(police)) == theirs
    asked = told()
    assert (world.contact.email, ASKED) in asked
    # The care has no contact: its coordinator knows at once.
    assert (world.coordinator.email, LATE) in asked
    assert not {subject for to, subject in asked if to == world.police.email} & {ASKED, LATE}
    frozen_clock.advance(timedelta(days=14, seconds=-1))
    rounds.look()
    assert told() == set()
    frozen_clock.advance(timedelta(seconds=1))
    rounds.look()
    assert told() == {(world.contact.email, AGAIN)}
    frozen_clock.advance(timedelta(days=14))
    rounds.look()
    rounds.look()
    assert told() == {(world.coordinator.email, LATE)}
    frozen_clock.advance(timedelta(days=14, seconds=-1))
    rounds.look()
    assert {one.state for one in all_of(Person, Person.organisation_id == police.id)} == {
        AccountState.ACTIVE
    }
    frozen_clock.advance(timedelta(seconds=1))
    rounds.look()
    people = all_of(Person, Person.organisation_id == police.id)
    assert {one.state for one in people} == {AccountState.LEFT}
    assert inside.get("/my-meetings").status_code == 303
    assert round_of(police).closed_at == clock.now()
    assert set(answers(police).values()) == {RecertificationAnswer.LEAVES}
    [line] = all_of(Announcement, Announcement.subject_id == world.police.id)
    assert (line.kind, line.made_by_id) == (AnnouncementKind.NOT_CONFIRMED, None)
    assert (world.police.email, ENDED) in told()
    rounds.look()
    assert told() == set()


def test_nobody_loses_access_in_the_middle_of_a_meeting(world, frozen_clock):
    rounds.look()
    frozen_clock.advance(timedelta(days=42))
    now = clock.now()
    change(
        Meeting,
        Meeting.id == world.meeting.id,
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=1),
        closed_at=None,
    )
    rounds.look()
    states = {one.id: one.state for one in all_of(Person)}
    assert states[world.police.id] is AccountState.ACTIVE
    assert states[world.second.id] is AccountState.LEFT
    assert round_of(world.police_organisation).closed_at is None
    frozen_clock.advance(timedelta(hours=1))
    rounds.look()
    assert all_of(Person, Person.id == world.police.id)[0].state is AccountState.LEFT
    assert round_of(world.police_organisation).closed_at == clock.now()


def test_the_last_administrator_stays(world, frozen_clock):
    rounds.look()
    frozen_clock.advance(timedelta(days=42))
    rounds.look()
    assert all_of(Person, Person.id == world.administrator.id)[0].state is AccountState.ACTIVE
    [kept] = all_of(AuditEvent, AuditEvent.object_kind == "last-administrator")
    assert (kept.object_id, kept.outcome) == (world.administrator.id, "kept")
    assert all(one.closed_at for one in all_of(Recertification))


def test_who_began_since_or_ended_is_not_asked_and_nobody_twice(world, frozen_clock):
    new = builders.organisation("NEW", name="Nieuw")
    builders.person(new, "N. Nieuw")
    builders.covenant(new, world.table, from_at=clock.now())
    change(Organisation, Organisation.id == world.care_organisation.id, ended_at=clock.now())
    rounds.look()
    rounds.look()
    asked = [one.organisation_id for one in all_of(Recertification)]
    assert len(asked) == len(set(asked))
    assert new.id not in asked
    assert world.care_organisation.id not in asked
    assert world.police_organisation.id in asked
    # Half a year later it is.
    frozen_clock.advance(timedelta(days=100))
    rounds.look()
    assert new.id in [one.organisation_id for one in all_of(Recertification)]


def test_a_guest_is_not_asked_about(world):
    guest = builders.person(
        world.police_organisation, "G. Gast", ends_at=clock.now() + timedelta(days=3)
    )
    rounds.look()
    assert guest.id not in answers(world.police_organisation)


def test_who_was_confirmed_keeps_working_and_a_mover_is_left_alone(world, frozen_clock):
    rounds.look()
    going_on = round_of(world.police_organisation)
    change(
        RecertifiedPerson, RecertifiedPerson.person_id == world.police.id,
        answer=RecertificationAnswer.STAYS, answered_by_id=world.contact.id,
        answered_at=clock.now(),
    )  # fmt: skip
    change(Person, Person.id == world.second.id, organisation_id=world.host.id)
    frozen_clock.advance(timedelta(days=42))
    rounds.look()
    states = {one.id: one.state for one in all_of(Person)}
    assert states[world.police.id] is AccountState.ACTIVE
    assert states[world.second.id] is AccountState.ACTIVE
    assert states[world.contact.id] is AccountState.LEFT
    assert going_on.id == round_of(world.police_organisation).id


def test_all_confirmed_ends_the_round_at_once(world, frozen_clock):
    rounds.look()
    change(
        RecertifiedPerson, answer=RecertificationAnswer.STAYS, answered_at=clock.now(),
        answered_by_id=world.contact.id,
    )  # fmt: skip
    frozen_clock.advance(timedelta(hours=1))
    rounds.look()
    assert all(one.closed_at == clock.now() for one in all_of(Recertification))
    assert not all_of(WebSession, WebSession.revoked_at.is_not(None))


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_two_workers_ask_once(app, world):
    """The second one finds, once it has the organisation, that it was asked."""
    began = rounds.recertification.began_at(clock.now())
    first, *_ = rounds._without_round(began)
    rounds.look()
    with transaction() as session:
        rounds._open(session, first, clock.now())
    with reading() as session:
        number = session.scalar(
            select(func.count()).where(Recertification.organisation_id == first)
        )
    assert number == 1
