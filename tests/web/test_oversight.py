"""Seen by whom: each watcher gets its own lines, marked where they stand out, and leaves one."""

import uuid
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from app.access.oversight import alarms
from app.cli import every_minute
from app.domain.kinds import Ground, PresenceState
from app.features.oversight import queries
from app.features.seats import service as seats
from app.infra import clock, outbox, wall
from app.infra.db import transaction
from app.models import AuditEvent, CaseTable, Draft, ReadingAlarm, Seat, SeatHold
from tests import builders
from tests.seats import actor_of, change


@pytest.fixture
def world(app):
    return builders.small_world(open_papers=True)


@pytest.fixture
def officer(world):
    return builders.person(world.host, "F. Gegevens", is_privacy_officer=True)


@pytest.fixture
def read(world, new_client):
    """The police opened their papers, the coordinator the first case."""
    new_client().sign_in(world.police.id).page(f"/my-meetings/{world.meeting.id}")
    new_client().sign_in(world.coordinator.id).page(f"/cases/{world.case.id}")


def supervisor(of):
    return builders.person(of, f"S. Toezicht {of.code}", is_supervisor=True)


def hosted(world):
    with transaction() as session:
        session.get_one(CaseTable, world.table.id).host_organisation_id = world.host.id


def seen(client, who, path="/readers"):
    return client.sign_in(who.id).page(path).text


def found(client, path, **typed):
    """The list after looking for something in it."""
    answer = client.fill(path, typed, action=path.partition("?")[0], follow_redirects=True)
    assert answer.status_code == 200
    return client.last.text


def looks(client, who, path, phrases):
    text = seen(client, who, path)
    return [phrase for phrase in phrases if phrase in text]


def test_everybody_sees_the_lines_that_are_theirs_to_watch(client, world, officer, read):
    hosted(world)
    names = [world.police.name, world.coordinator.name]
    for who, path, wanted in (
        (world.chair, "/readers", names),
        (officer, "/readers", names),
        (supervisor(world.host), "/readers", names),
        (supervisor(world.police_organisation), "/readers", names),
        (supervisor(world.care_organisation), "/readers", [world.coordinator.name]),
        (world.stranger, "/readers", []),
        (world.police, "/my-readers", names),
        (world.care, "/my-readers", [world.coordinator.name]),
        (world.chair, f"/cases/{world.case.id}/readers", names),
        (officer, f"/cases/{world.second_case.id}/readers", []),
    ):
        assert looks(client, who, path, names) == wanted, (who.name, path)
        assert "Kanarie" not in client.last.text
    with transaction() as session:
        opened = session.scalars(
            select(AuditEvent.object_kind).where(AuditEvent.event == "log-access")
        ).all()
    assert sorted(opened) == ["case-readers"] * 2 + ["own-readers"] * 2 + ["readers"] * 6


def test_the_page_says_on_which_ground_seat_and_section(client, world, read):
    text = seen(client, world.chair, f"/cases/{world.case.id}/readers")
    assert "Aanleiding" in text
    assert "deelname voor Politie, overleg van 15-06-2026" in text
    assert "begeleiding" in text


def test_nobody_else_finds_these_lists(client, world, read):
    for who, path in (
        (world.coordinator, "/readers"),
        (world.police, "/readers"),
        (world.administrator, "/readers"),
        (world.coordinator, f"/cases/{world.case.id}/readers"),
        (world.stranger, f"/cases/{world.case.id}/readers"),
        (supervisor(world.care_organisation), f"/cases/{world.second_case.id}/readers"),
        (world.administrator, "/my-readers"),
    ):
        assert client.sign_in(who.id).get(path).status_code == 404, (who.name, path)


def test_a_case_that_bars_the_watcher_leaves_no_line(client, world, officer, read):
    builders.exclusion(officer, world.case, world.chair)
    builders.recusal(world.care, world.case)
    assert world.case.reference not in seen(client, officer)
    assert client.get(f"/cases/{world.case.id}/readers").status_code == 404
    assert world.case.reference not in seen(client, world.care, "/my-readers")


def test_who_sits_where_only_staff_know_is_not_named_to_partners(client, world, read, new_client):
    with transaction() as session:
        session.get_one(Seat, world.care_seat.id).is_staff_only = True
    new_client().sign_in(world.care.id).page(f"/my-meetings/{world.meeting.id}")
    text = seen(client, world.police, "/my-readers")
    assert "een deelnemer die alleen de leiding kent" in text
    assert world.care.name not in text
    assert "GGZ Delta" not in text
    assert world.care.name in seen(client, world.chair)


def test_nor_does_a_task_name_who_sits_where_only_staff_know(client, world, new_client):
    with transaction() as session:
        session.get_one(Seat, world.care_seat.id).is_staff_only = True
    task = builders.task(
        world.care, world.case, world.chair, sections=[world.sections["reason"]],
        accepted_at=clock.now(),
    )  # fmt: skip
    new_client().sign_in(world.care.id).page(f"/tasks/{task.id}")
    text = seen(client, world.police, "/my-readers")
    assert "een deelnemer die alleen de leiding kent" in text
    assert world.care.name not in text
    assert "GGZ Delta" not in text


# Who opened which section on which ground, as the source of that section finds it.
READERS_OF_OWN = {
    "police": {
        ("N. de Wit", "Aanleiding", Ground.STAFF),
        ("M. de Graaf", "Aanleiding", Ground.STAFF),
        ("T. Mulder", "Aanleiding", Ground.SEAT),
        ("D. Vervanger", "Aanleiding", Ground.SEAT),
        ("S. Vreemd", "Aanleiding", Ground.TASK),
        ("G. Gast", "Aanleiding", Ground.TASK),
        ("F. Gegevens", "Aanleiding", Ground.BREAK_GLASS),
    },
    "care": {
        ("N. de Wit", "Gezondheid", Ground.STAFF),
        ("F. Gegevens", "Gezondheid", Ground.BREAK_GLASS),
    },
    # Of the same organisation, and not its representative.
    "police_colleague": set(),
}


def test_a_source_finds_every_reader_of_its_sections_and_of_no_other(world, officer, new_client):
    of_case, own = f"/cases/{world.case.id}", f"/my-meetings/{world.meeting.id}"
    outside = builders.organisation("SCH")
    guest = builders.person(outside, "G. Gast", ends_at=clock.now() + timedelta(days=3))
    deputy = builders.person(world.care_organisation, "D. Vervanger")
    tasks = {
        who: builders.task(
            who, world.case, world.chair, accepted_at=clock.now(),
            sections=[world.sections["reason"], world.sections["safety"]],
        )
        for who in (world.stranger, guest)
    }  # fmt: skip
    emergency = builders.emergency(officer, world.case)
    builders.acceptance(deputy, world.meeting)
    builders.declaration(deputy, world.sections["identity"])
    read = [
        (world.coordinator, of_case),
        (world.chair, f"/seats/{world.police_seat.id}/preview"),
        (world.police, own),
        (world.care, own),
        *((who, f"/tasks/{task.id}") for who, task in tasks.items()),
        (officer, f"/emergency/{emergency.id}"),
    ]
    for who, path in read:
        new_client().sign_in(who.id).page(path)
    change(SeatHold, SeatHold.seat_id == world.care_seat.id, until_at=clock.now())
    builders.hold(world.care_seat, deputy, from_at=clock.now())
    new_client().sign_in(deputy.id).page(own)

    for source, wanted in READERS_OF_OWN.items():
        actor = actor_of(getattr(world, source))
        with wall.acting_as(actor.person_id):
            page = queries.own_readers(actor, queries.Search(), most_cases=99).page
        assert {(one.person, one.label_nl, one.ground) for one in page.readings} == wanted, source


def test_what_a_deputy_reads_is_on_behalf_of_whom_it_stands_in_for(
    world, officer, new_client, count_statements
):
    own = f"/my-meetings/{world.meeting.id}"
    deputies = []
    for name in ("B. Vervanger", "C. Derde"):
        deputies.append(builders.representative(world.police_organisation, world.table, name))
        builders.acceptance(deputies[-1], world.meeting)
        builders.declaration(deputies[-1], world.sections["identity"])
    holders = [world.police, *deputies]
    new_client().sign_in(world.police.id).page(own)
    for holder, deputy in pairwise(holders):
        with wall.acting_as(holder.id):
            seats.hand_over(actor_of(holder), world.police_seat.id, deputy.id)
        theirs = new_client().sign_in(deputy.id)
        with count_statements() as statements:
            theirs.page(own)
        assert len(statements) <= 10, "one more than who sits there by itself"
    # Nobody gets the seat back any more: it is the organisation's.
    change(SeatHold, SeatHold.from_at > clock.now(), ended="revoked")
    theirs.page(own)
    with transaction() as session:
        lines = session.execute(
            select(
                AuditEvent.person_id,
                AuditEvent.on_behalf_of_id,
                AuditEvent.on_behalf_of_organisation_id,
            )
            .where(AuditEvent.ground == Ground.SEAT.value)
            .group_by(
                AuditEvent.person_id,
                AuditEvent.on_behalf_of_id,
                AuditEvent.on_behalf_of_organisation_id,
            )
        ).all()
    first, second, of = *deputies, world.police_organisation
    assert set(lines) == {
        (world.police.id, None, None),
        (first.id, world.police.id, of.id),
        (second.id, first.id, of.id),
        (second.id, None, of.id),
    }
    text = seen(new_client(), officer)
    assert f"namens {world.police.name}, {of.name}" in text
    assert f"namens {first.name}, {of.name}" in text


def test_odd_readings_are_marked_and_can_be_picked_out(
    world, officer, new_client, frozen_clock, settings
):
    client = new_client()
    # Two o'clock in the Netherlands, and the police were absent.
    frozen_clock.moment = world.meeting.starts_at + timedelta(days=1, hours=-11)
    with transaction() as session:
        session.get_one(Seat, world.police_seat.id).presence = PresenceState.ABSENT
    new_client().sign_in(world.police.id).page(f"/my-meetings/{world.meeting.id}")
    frozen_clock.moment = world.meeting.starts_at + timedelta(days=10)
    new_client().sign_in(world.coordinator.id).page(f"/cases/{world.case.id}")
    for number in range(settings.alarm_cases_per_hour + 1):
        del number
        case = builders.case(world.table, world.host)
        new_client().sign_in(world.coordinator.id).page(f"/cases/{case.id}")
    client.sign_in(officer.id)
    text = found(client, "/readers", odd="y")
    for mark in (
        "in de nacht",
        "niet aanwezig bij het overleg",
        "buiten een overleg om",
        "veel casussen in een uur",
    ):
        assert mark in text, mark
    assert "in de nacht" not in found(client, "/readers", odd="y", person="niemand")
    assert "Geen regel past" in client.last.text


def test_filters_narrow_the_list(client, world, officer, read):
    client.sign_in(officer.id)
    assert world.coordinator.name not in found(client, "/readers", person=world.police.name)
    assert "Geen regel past" in found(client, "/readers", reference="mda 33333")
    assert "Geen regel past" in found(client, "/readers", until="31-05-2026")
    assert world.police.name in found(client, "/readers", since="1-6-2026", until="1-6-2026")
    found(client, "/readers", since="vandaag")
    client.page("/readers?page=x")
    of_case = f"/cases/{world.case.id}/readers"
    assert "Geen regel past" in found(client, of_case, person="niemand")
    path = f"{of_case}?section={world.sections['children'].id}"
    text = client.page(path).text
    assert "Kinderen" in text
    assert "Aanleiding" not in text
    assert client.get("/readers?section=x").status_code == 200


def test_what_was_looked_for_stands_in_no_address_and_is_recorded(  # noqa: PLR0917 - these are fixtures
    client, world, officer, read, new_client, frozen_clock, monkeypatch
):
    typed = {"person": world.police.name, "reference": world.case.reference}
    answer = client.sign_in(officer.id).fill("/readers", typed, action="/readers")
    search_id = answer.location.partition("?search=")[2]
    assert answer.location == f"/readers?search={uuid.UUID(search_id)}"
    monkeypatch.setattr(queries, "PAGE_SIZE", 1)
    page = client.page(answer.location)
    assert f'href="/readers?search={search_id}&amp;page=2"' in page.html
    assert world.coordinator.name not in page.text
    assert f'value="{world.case.reference}"' in page.html
    for plain in ("person=niemand", f"reference={world.second_case.reference}"):
        assert world.coordinator.name in client.page(f"/readers?{plain}").text
    with transaction() as session:
        kept = session.scalars(select(Draft.fields_ct)).one()
        line = session.scalars(select(AuditEvent).where(AuditEvent.event == "search")).one()
    assert world.police.name.encode() not in kept
    assert (line.person_id, line.case_id) == (officer.id, world.case.id)

    shown = seen(new_client(), world.chair, answer.location)
    assert "niet meer bewaard" in shown
    assert world.coordinator.name in shown
    frozen_clock.advance(timedelta(hours=1))
    assert "niet meer bewaard" in seen(client, officer, answer.location)
    assert client.send(f"/cases/{uuid.uuid4()}/readers", typed).status_code == 404


def test_the_list_takes_the_same_statements_however_long(
    client, world, read, new_client, count_statements
):
    client.sign_in(world.chair.id).page("/readers")
    with count_statements() as few:
        client.page("/readers")
    for _ in range(5):
        case = builders.case(world.table, world.host)
        new_client().sign_in(world.coordinator.id).page(f"/cases/{case.id}")
    with count_statements() as many:
        client.page("/readers")
    assert len(many) == len(few)


def test_many_cases_in_an_hour_are_told_once(world, officer, new_client, frozen_clock, mails):
    client = new_client()
    for _ in range(3):
        case = builders.case(world.table, world.host)
        new_client().sign_in(world.chair.id).page(f"/cases/{case.id}")

    def look(*, most_cases: int) -> int:
        with transaction() as session:
            raised = alarms.raise_alarms(session, most_cases=most_cases)
        outbox.drain(most=20)
        return raised

    assert look(most_cases=3) == 0
    assert look(most_cases=2) == 1
    assert look(most_cases=2) == 0
    # Not the chair, whom it is about.
    assert [mail.to for mail in mails()] == [officer.email]
    assert world.chair.name not in mails()[0].text
    text = seen(client, officer)
    assert "Veel casussen binnen een uur" in text
    assert "3 casussen" in text
    assert "Veel casussen binnen een uur" not in seen(client, world.chair)
    frozen_clock.advance(timedelta(hours=2))
    assert look(most_cases=2) == 0
    with transaction() as session:
        assert session.scalars(select(ReadingAlarm)).one().person_id == world.chair.id


def test_the_worker_looks_every_minute(world, settings, read) -> None:
    every_minute(replace(settings, alarm_cases_per_hour=0))
    with transaction() as session:
        found = {one.person_id for one in session.scalars(select(ReadingAlarm))}
    assert found == {world.police.id, world.coordinator.id}
