"""Another organisation becomes the bringing partner only when it says so, and sees next to nothing."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from app.domain.errors import NotVisible
from app.features.case_life import service
from app.infra import outbox, wall
from app.infra.db import reading
from app.models import BringingTransfer, Case
from tests import builders
from tests.seats import actor_of
from tests.tasks import rows


def brought_by(case):
    with reading() as session:
        return session.scalars(
            select(Case.bringing_organisation_id).where(Case.id == case.id)
        ).one()


def ask(staff, world) -> str:
    fields = {"organisation": str(world.care_organisation.id)}
    assert staff.fill(f"/cases/{world.case.id}/bringing", fields).status_code == 303
    return f"/bringing/{rows(select(BringingTransfer.id))[-1]}"


def test_it_counts_once_the_other_organisation_accepts(staff, new_client, world, mails):
    colleague = builders.person(world.care_organisation, "K. Zonder-rol")
    newcomer = builders.representative(world.care_organisation, world.table, "V. Nieuw")
    elsewhere = builders.representative(world.care_organisation, world.other_table, "E. Elders")
    path = ask(staff, world)
    assert "GGZ Delta" in staff.page(f"/cases/{world.case.id}/bringing").text
    assert brought_by(world.case) == world.police_organisation.id
    outbox.drain(most=100)
    (mail,) = mails(recipient=newcomer.email)
    assert path in mail.text
    assert world.case.reference not in mail.text + mail.subject
    answering = new_client().sign_in(newcomer.id)
    assert path in answering.page("/").html
    page = answering.page(path)
    assert world.case.reference in page.text
    assert "N. de Wit" in page.text
    assert "Kanarie" not in page.text
    for who in (colleague, elsewhere, world.police, world.stranger):
        new_client().sign_in(who.id).page(path, status=404)
    assert answering.fill(path, action="/accept").status_code == 303
    assert brought_by(world.case) == world.care_organisation.id
    answering.page(path, status=404)
    answering.page(f"/cases/{world.case.id}", status=404)
    assert "Aanbrengende partner gewijzigd" in staff.page(f"/cases/{world.case.id}/line").text


def test_refused_taken_back_or_barred_nothing_changes(staff, new_client, world):
    path = ask(staff, world)
    care = new_client().sign_in(world.care.id)
    # One question at a time.
    again = staff.send(f"/cases/{world.case.id}/bringing", {"organisation": str(world.host.id)})
    assert again.status_code == 422
    assert care.fill(path, action="/refuse").status_code == 303
    path = ask(staff, world)
    assert staff.fill(f"/cases/{world.case.id}/bringing", action="/withdraw").status_code == 303
    care.page(path, status=404)
    path = ask(staff, world)
    builders.recusal(world.care, world.case)
    care.page(path, status=404)
    assert path not in care.page("/").html
    assert brought_by(world.case) == world.police_organisation.id
    line = staff.page(f"/cases/{world.case.id}/line").text
    assert line.count("Gevraagd als aanbrengende partner") == 3
    assert "worden geweigerd" in line


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_yes_and_no_at_once_is_one_of_both(app, staff, world):
    newcomer = builders.representative(world.care_organisation, world.table, "V. Nieuw")
    transfer_id = uuid.UUID(ask(staff, world).removeprefix("/bringing/"))
    people, start = (world.care, newcomer), Barrier(2, timeout=60)
    actors = [actor_of(one) for one in people]

    def answer(number: int) -> bool:
        with app.app_context(), wall.acting_as(people[number].id):
            start.wait()
            try:
                service.answer_to_bring(actors[number], transfer_id, accepts=number == 0)
            except NotVisible:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(answer, range(2))) == [False, True]
    (one,) = rows(select(BringingTransfer))
    assert (one.accepted_at is None) is (one.refused_at is not None)
    brings = world.care_organisation if one.accepted_at else world.police_organisation
    assert brought_by(world.case) == brings.id
