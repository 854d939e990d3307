"""Planning a meeting through its pages, as the chair and as people who may not."""

import pytest

from app.infra.db import reading
from app.models import Meeting
from tests import builders


@pytest.fixture
def world(app):
    return builders.small_world()


@pytest.fixture
def chair(client, world):
    return client.sign_in(world.chair.id)


def test_every_page_of_the_preparation_opens(chair, world):
    meeting = f"/meetings/{world.meeting.id}"
    for path in (
        "/meetings", "/meetings?when=past", f"/meetings?table={world.table.id}",
        "/meetings?page=999999999999999999999&table=x", "/meetings/new", meeting,
        f"{meeting}/participants", f"{meeting}/input", f"{meeting}/invitations", f"{meeting}/times",
        f"{meeting}/cancel", f"{meeting}/publish", f"{meeting}/items/new", f"{meeting}/items/fixed",
        f"/items/{world.item.id}/edit", f"/items/{world.opening.id}/edit",
        f"/items/{world.item.id}/seats", f"/items/{world.item.id}/standard",
        f"/items/{world.item.id}/seats/{world.host.id}",
        f"/items/{world.item.id}/seats/{world.police_organisation.id}",
        f"/items/{world.item.id}/seats/{world.police_organisation.id}?more=1",
        f"/seats/{world.police_seat.id}/plan",
    ):  # fmt: skip
        page = chair.page(path)
        assert "Kanarie" not in page.html, path
