"""Rooms for the administrator, and the field with which staff choose one."""

import pytest
from sqlalchemy import select

from app.infra.db import reading
from app.models import AuditEvent, Meeting, Room
from tests import builders


@pytest.fixture
def world(app):
    return builders.small_world()


@pytest.fixture
def admin(client, world):
    return client.sign_in(world.administrator.id)


def rooms() -> list[Room]:
    with reading() as session:
        return list(session.scalars(select(Room).order_by(Room.name)))


def test_an_administrator_keeps_the_list(admin):
    assert "Hier komen de ruimten" in admin.page("/admin/rooms").text
    admin.fill("/admin/rooms/new", {"name": "Zaal 2", "address": "Stadhuis"})
    [room] = rooms()
    page = f"/admin/rooms/{room.id}"
    assert admin.fill(page, {"name": "Zaal 3"}).status_code == 303
    admin.fill(page, action="/end")
    assert "niet meer te kiezen" in admin.page("/admin/rooms").text
    admin.fill(page, action="/reopen")
    assert rooms()[0].ended_at is None
    with reading() as session:
        found = session.scalars(select(AuditEvent.event).where(AuditEvent.object_kind == "room"))
        assert sorted(found) == ["add", "change", "change", "change"]


def test_a_name_that_stands_already_and_a_late_edit_are_told(admin):
    admin.fill("/admin/rooms/new", {"name": "Zaal 2"})
    admin.fill("/admin/rooms/new", {"name": "Zaal É"})
    for name in ("ZAAL 2", "zaal é"):
        assert admin.fill("/admin/rooms/new", {"name": name}).status_code == 422
    room, _ = rooms()
    late = admin.fill(f"/admin/rooms/{room.id}", {"name": "Zaal 9", "version": "7"})
    assert late.status_code == 409
    assert "Zaal 2" in admin.last.text


def test_staff_choose_a_room_and_are_told_when_it_is_taken(client, world):
    client.sign_in(world.coordinator.id)
    assert "room" not in client.page("/meetings/new").form("/meetings/new").names
    room = builders.save(Room(name="Zaal 2", address="Stadhuis"))
    day = {"day": "1-9-2026", "start": "13.00", "end": "15.20", "table": str(world.table.id)}
    made = client.fill("/meetings/new", {**day, "room": str(room.id)}, action="/new")
    assert made.status_code == 303
    assert "Zaal 2, Stadhuis" in client.page(made.location).text
    again = client.fill("/meetings/new", {**day, "room": str(room.id)}, action="/new")
    assert again.status_code == 422
    assert "Deze ruimte is dan al bezet van 13.00 tot 15.20 uur." in client.last.text
    times = f"{made.location}/times"
    moved = client.fill(times, {"start": "14.00", "end": "16.00"}, action="/times")
    assert moved.status_code == 303
    with reading() as session:
        stored = session.scalars(select(Meeting).where(Meeting.room_id == room.id)).one()
    assert stored.place == "Zaal 2, Stadhuis"
    out = client.fill(times, {"room": "", "place": "Elders"}, action="/times")
    assert out.status_code == 303
    assert "Elders" in client.page(made.location).text
    assert client.fill(times, {"room": "x"}, action="/times").status_code == 422
