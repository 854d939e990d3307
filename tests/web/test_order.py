"""The page that proposes an order of the agenda: what it saves, who hears of it, what it hides."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.kinds import ConcernedRole, InvitationAnswer, ItemKind
from app.infra import calendar_queue
from app.infra.db import reading, transaction
from app.models import AgendaItem, AuditEvent, CaseTable, Meeting, SeatHold
from tests import builders

NOTHING = "Er is niets te winnen"


@pytest.fixture
def world(app, monkeypatch):
    """After the first case (POL, GGZ) and the second (GGZ) a third with the police again."""
    monkeypatch.setattr(calendar_queue._Waiting, "delay", timedelta(seconds=30))
    return builders.small_world()


@pytest.fixture
def third(world):
    case = builders.case(world.table, world.host)
    item = builders.item(world.meeting, case, after=world.second_item)
    builders.seat(item, world.police_organisation, world.police)
    return case


@pytest.fixture
def coordinator(client, world):
    return client.sign_in(world.coordinator.id)


def path_of(world) -> str:
    return f"/meetings/{world.meeting.id}/order"


def agenda(world) -> list:
    with reading() as session:
        return list(
            session.scalars(
                select(AgendaItem.case_id)
                .where(AgendaItem.meeting_id == world.meeting.id)
                .order_by(AgendaItem.position)
            )
        )


def part(page, title: str) -> list[str]:
    """The clock times and titles of one of the orders."""
    found = re.search(
        rf'<ol class="agenda order" aria-label="{title}">(.*?)</ol>', page.html, re.DOTALL
    )
    assert found, title
    return [" ".join(re.sub(r"<[^>]+>", " ", li).split()) for li in found[1].split("</li>")[:-1]]


def test_the_order_is_shown_taken_over_and_taken_back(coordinator, world, third):
    before = agenda(world)
    assert f'href="{path_of(world)}"' in coordinator.page(f"/meetings/{world.meeting.id}").html
    page = coordinator.page(path_of(world))
    first, second, last = (one.reference for one in (world.case, world.second_case, third))
    assert part(page, "Zoals het nu staat") == [
        "13.00 10 min Opening en geheimhouding",
        f"13.10 30 min {first}",
        f"13.40 20 min {second}",
        f"14.00 30 min {last}",
    ]
    assert part(page, "Voorstel")[1:] == [
        f"13.10 20 min {second} was 13.40",
        f"13.30 30 min {first} was 13.10",
        "14.00 30 min " + last,
    ]
    assert "samen wachten nu 20 min, in het voorstel 0 min" in page.text
    assert "A. Yilmaz, Politie" in page.text
    assert (
        "1 persoon krijgt een gewijzigde uitnodiging voor de eigen tijd: A. Yilmaz (Politie)"
        in (page.text)
    ), "GGZ keeps the same stretch, 13.10 to 14.00"
    answer = coordinator.fill(path_of(world), follow_redirects=True)
    assert "De voorgestelde volgorde is overgenomen." in answer.text
    assert agenda(world) == [None, before[2], before[1], before[3]]
    with reading() as session:
        noted = session.scalars(select(AuditEvent).where(AuditEvent.object_kind == "agenda")).one()
        assert (noted.person_id, noted.meeting_id) == (world.coordinator.id, world.meeting.id)
    answer = coordinator.fill(
        f"/meetings/{world.meeting.id}", action="/undo", follow_redirects=True
    )
    assert "Ongedaan gemaakt. Er gaat geen bericht uit." in answer.text
    assert agenda(world) == before


def test_nothing_to_gain_is_said(coordinator, world):
    page = coordinator.page(path_of(world))
    assert NOTHING in page.text
    assert "overnemen" not in page.text
    assert coordinator.send(path_of(world), {"version": "0"}).status_code == 409


def test_a_proposal_for_an_agenda_that_changed_is_refused_with_both(coordinator, world, third):
    form = coordinator.page(path_of(world)).form("/order")
    with transaction() as session:
        session.get_one(AgendaItem, world.second_item.id).minutes = 25
    before = agenda(world)
    answer = coordinator.send(path_of(world), form.filled({}))
    assert answer.status_code == 409
    assert agenda(world) == before
    page = coordinator.last
    assert part(page, "Wat u wilde overnemen")[1] == f"13.10 25 min {world.second_case.reference}"
    assert len(part(page, "Zoals het nu staat")) == len(part(page, "Voorstel")) == 4
    coordinator.send(path_of(world), page.form("/order").filled({}))
    assert agenda(world) != before, "the page that came back can be sent at once"


def test_cases_with_children_come_first_where_the_table_asks_it(coordinator, world):
    builders.concerned(world.second_case, label="Kind", role=ConcernedRole.CHILD, position=9)
    assert NOTHING in coordinator.page(path_of(world)).text
    with transaction() as session:
        session.get_one(CaseTable, world.table.id).children_first = True
    page = coordinator.page(path_of(world))
    assert part(page, "Voorstel")[1] == (
        f"13.10 20 min {world.second_case.reference} was 13.40 kinderen betrokken"
    )
    assert "Casussen waarbij kinderen betrokken zijn, komen eerst." in page.text


def test_a_closed_block_keeps_its_time_and_tells_nothing(coordinator, world, third):
    with transaction() as session:
        session.get_one(CaseTable, world.table.id).children_first = True
    builders.concerned(third, label="Kind", role=ConcernedRole.CHILD, position=9)
    builders.exclusion(world.coordinator, third, world.chair)
    page = coordinator.page(path_of(world))
    assert part(page, "Zoals het nu staat")[-1] == "14.00 30 min Gesloten blok"
    assert third.reference not in page.html
    assert "kinderen" not in page.text
    assert NOTHING in page.text, "and not first; the police is not known to wait for it"


def test_who_sits_at_a_closed_block_draws_no_item_to_it(coordinator, world):
    """Else a barred chair could try one partner after the other at a case of its own."""
    closed = builders.case(world.table, world.host)
    item = builders.item(world.meeting, closed, after=world.second_item)
    builders.exclusion(world.coordinator, closed, world.chair)
    empty = coordinator.page(path_of(world)).text
    builders.seat(item, world.police_organisation, world.police)
    assert coordinator.page(path_of(world)).text == empty
    last = builders.case(world.table, world.host)
    builders.seat(
        builders.item(world.meeting, last, after=item), world.care_organisation, world.care
    )
    page = coordinator.page(path_of(world))
    assert "Voorstel" in page.text
    assert "Wie bij een gesloten blok zit, telt niet mee." in page.text


def test_who_said_no_is_not_waited_for(coordinator, world, third):
    with transaction() as session:
        hold = session.scalars(
            select(SeatHold).where(SeatHold.seat_id == world.police_seat.id)
        ).one()
        hold.answer = InvitationAnswer.NO
    assert NOTHING in coordinator.page(path_of(world)).text


def test_only_staff_and_only_before_the_meeting(coordinator, world, third, new_client):
    version = coordinator.page(path_of(world)).form("/order").filled({})
    for who in (world.police, world.stranger, world.administrator):
        visitor = new_client().sign_in(who.id)
        assert visitor.get(path_of(world)).status_code == 404
    with transaction() as session:
        session.get_one(Meeting, world.meeting.id).started_at = builders.MEETING_START
    answer = coordinator.send(path_of(world), version)
    assert answer.status_code == 422
    assert "Dit overleg is al begonnen." in answer.text


def test_a_case_that_runs_into_a_break_says_so_at_the_item(coordinator, world):
    at = builders.MEETING_START + timedelta(minutes=60)
    pause = builders.item(
        world.meeting, kind=ItemKind.BREAK, minutes=10, after=world.second_item, fixed_at=at
    )
    path = f"/meetings/{world.meeting.id}"
    assert "in de pauze van" not in coordinator.page(path).text
    coordinator.fill(f"/items/{world.item.id}/edit", {"minutes": "40"})
    page = coordinator.page(path)
    row = page.html[page.html.index(f'<li data-item="{world.second_item.id}"') :]
    assert "Loopt 10 minuten door in de pauze van 14.00." in row[: row.index('<div class="moves">')]
    assert page.html.count("in de pauze van") == 1
    with reading() as session:
        assert session.get_one(AgendaItem, pause.id).starts_at == at, "the break keeps its time"
    assert "in de pauze van 14.00." in coordinator.page(path_of(world)).text
