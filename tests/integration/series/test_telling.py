"""Who hears of a series, and that its withdrawal reaches whoever may have it and nobody else."""

from datetime import date

import vobject
from sqlalchemy import select, update

from app.features.series import service
from app.infra import clock, letters, outbox
from app.infra.calendar_queue import queue_role
from app.infra.db import reading, transaction
from app.infra.mail import DeliveryFailed
from app.models import SeriesEntry, TableRole
from tests import builders
from tests.series import WEEKLY, Mailbox, drain, later, planned, starts


def assert_follows_the_role(world, mails, series_id) -> None:
    """A newcomer to the staff gets the series, and loses it with the role."""
    newcomer = builders.coordinator(world.police_organisation, world.table)
    with transaction() as session:
        queue_role(session, newcomer.id, [world.table.id])
    drain()
    box = Mailbox(mails, newcomer)
    assert set(starts(series_id)) <= set(box.shows())
    later(seconds=1)
    with transaction() as session:
        session.execute(
            update(TableRole).where(TableRole.person_id == newcomer.id).values(until_at=clock.now())
        )
        queue_role(session, newcomer.id, [world.table.id])
    drain()
    assert box.shows() == []


def test_who_begins_or_stops_to_serve_the_table_gets_and_loses_the_series(
    world, coordinator, mails
):
    series_id = planned(coordinator, world)
    assert_follows_the_role(world, mails, series_id)


def test_a_message_written_for_somebody_who_left_meanwhile_is_not_sent(world, coordinator, mails):
    service.plan_series(coordinator, world.table.id, WEEKLY)
    with transaction() as session:
        session.execute(
            update(TableRole)
            .where(TableRole.person_id == world.coordinator.id)
            .values(until_at=clock.now())
        )
    before = len(mails(recipient=world.coordinator.email))
    drain()
    assert len(mails(recipient=world.coordinator.email)) == before


def test_a_series_that_stops_later_still_follows_who_serves_the_table(world, coordinator, mails):
    series_id = planned(coordinator, world)
    service.end_series(coordinator, series_id, from_on=date(2027, 3, 20))
    drain()
    assert_follows_the_role(world, mails, series_id)


def entries_of(person) -> list[SeriesEntry]:
    with reading() as session:
        return list(session.scalars(select(SeriesEntry).where(SeriesEntry.person_id == person.id)))


def test_who_was_never_told_of_a_series_hears_of_no_withdrawal(world, coordinator, mails):
    table_ids = [world.table.id]
    service.plan_series(coordinator, world.table.id, WEEKLY)
    assert any(outbox.drain(most=1) and entries_of(world.coordinator) for _row in range(20))
    # The entry is written; its mail still waits when the role ends.
    before = len(mails(recipient=world.coordinator.email))
    with transaction() as session:
        session.execute(
            update(TableRole)
            .where(TableRole.person_id == world.coordinator.id)
            .values(until_at=clock.now())
        )
    drain()
    with transaction() as session:
        queue_role(session, world.coordinator.id, table_ids)
    drain()
    assert len(mails(recipient=world.coordinator.email)) == before


def test_a_series_that_may_have_arrived_is_withdrawn(world, coordinator, mails, monkeypatch):
    def lost(*_args, **_more) -> None:
        raise DeliveryFailed("no answer", temporary=True, maybe_taken=True, code="answer-lost")

    before = len(mails(recipient=world.coordinator.email))
    service.plan_series(coordinator, world.table.id, WEEKLY)
    with monkeypatch.context() as away:
        away.setattr(letters, "send", lost)
        drain()
    with transaction() as session:
        session.execute(
            update(TableRole)
            .where(TableRole.person_id == world.coordinator.id)
            .values(until_at=clock.now())
        )
        queue_role(session, world.coordinator.id, [world.table.id])
    later(hours=1)
    drain()
    sent = mails(recipient=world.coordinator.email)[before:]
    methods = [vobject.readOne(one.calendar).method.value for one in sent]
    assert methods == ["CANCEL"]
