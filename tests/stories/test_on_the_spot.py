"""Samen op in Acuut: one page, and the case is made, handed over and followed."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.access.disclosure import section_binding
from app.domain.kinds import Channel, OrganisationKind, TableKind, TableRoleName
from app.infra import clock, crypto, outbox
from app.infra.crypto import Sealed
from app.models import (
    Case,
    CaseTable,
    Handover,
    Informing,
    PersonConcerned,
    Referral,
    Section,
    Task,
)
from tests import builders
from tests.seats import all_of, later
from tests.tasks import rows

TYPED = {
    "agreements": "Vader slaapt elders\nMorgen om 9 uur belt Veilig Thuis",
    "victims": "moeder", "suspects": "ex-partner", "children": "kind 1 (2016), kind 2 (2019)",
    "informed": "no", "why_not": "Eerst is rust nodig", "danger": "y",
}  # fmt: skip


@pytest.fixture
def world(app):
    return builders.small_world()


@pytest.fixture
def spot(world):
    """The on-the-spot table with its headings, and somebody of the police on duty."""
    table = builders.table("Acuut Deltaland", "ACU", kind=TableKind.ON_THE_SPOT)
    builders.scheme(table)
    builders.section_type(table, "agreements", "Afspraken ter plaatse", 9, is_plan=True)
    builders.covenant(world.police_organisation, table)
    return builders.representative(world.police_organisation, table, "P. Agent")


@pytest.fixture
def action_table(world):
    return builders.table("Actie-overleg Deltaland", "ACT", kind=TableKind.ACTION)


def test_on_the_spot(client, new_client, world, spot, action_table):
    receiver = builders.coordinator(world.host, action_table, "O. Ontvanger")
    police = client.sign_in(spot.id)
    assert "Samen op in Acuut" in police.page("/").text
    page = police.page("/acute")
    assert page.text.index("Acuut gevaar?") < page.text.index("Wat is afgesproken")
    fields = {**TYPED, "to": str(action_table.id)}
    assert police.fill("/acute", fields).status_code == 303
    assert len(all_of(Case, Case.channel == Channel.ON_THE_SPOT.value)) == 1
    page = police.page("/acute")
    assert "Nog niet overgenomen" in page.text
    for wrong, words in (
        ({"agreements": ""}, "Schrijf op wat is afgesproken."),
        ({"why_not": ""}, "Schrijf op waarom nog niet."),
        ({"children": ",".join("abcdefghijklm")}, "ten hoogste twaalf"),
    ):
        answer = police.fill("/acute", {**fields, **wrong})
        assert answer.status_code == 422
        assert words in answer.text
    assert police.send("/acute", {**fields, "to": str(spot.id)}).status_code == 422

    (case,) = all_of(Case, Case.channel == Channel.ON_THE_SPOT.value)
    (section,) = all_of(Section, Section.case_id == case.id)
    text = crypto.unseal(Sealed(section.text_ct, section_binding(section.id)))
    assert (text, section.source_organisation_id) == (
        TYPED["agreements"], world.police_organisation.id,
    )  # fmt: skip
    assert len(all_of(PersonConcerned, PersonConcerned.case_id == case.id)) == 4
    assert len(all_of(Informing, Informing.case_id == case.id)) == 1
    (handover,) = all_of(Handover)
    assert handover.due_at <= clock.now() + timedelta(days=1)
    police.page(f"/cases/{case.id}", status=404)

    client_of_table = new_client().sign_in(receiver.id)
    (task_id,) = rows(select(Task.id).where(Task.person_id == receiver.id))
    client_of_table.fill(f"/tasks/{task_id}", action="/accept")
    assert "Vader slaapt elders" in client_of_table.page(f"/tasks/{task_id}").text
    client_of_table.fill(f"/tasks/{task_id}", action=f"/handovers/{task_id}/accept")
    (referral,) = all_of(Referral)
    assert referral.table_id == action_table.id
    text = police.page("/acute").text
    assert "Overgenomen door Actie-overleg Deltaland, " in text
    assert case.reference not in text


def test_only_police_and_veilig_thuis_of_such_a_table_report(client, new_client, world, spot):
    care = builders.organisation("ZORG", OrganisationKind.MENTAL_HEALTH)
    outsider = builders.representative(care, world.table, "Z. Zorg")
    client.sign_in(outsider.id).page("/acute", status=404)
    new_client().sign_in(world.police.id).page("/acute", status=404)


def test_a_double_press_sends_once_and_once_late_is_told_once(
    client, world, spot, action_table, mails
):
    builders.coordinator(world.host, action_table)
    (acute,) = all_of(CaseTable, CaseTable.prefix == "ACU")
    on_duty = builders.coordinator(world.host, acute)
    builders.role(spot, world.table, TableRoleName.COORDINATOR)
    police = client.sign_in(spot.id)
    start = police.page("/").text
    assert "Nieuw overleg" in start, "who serves a table too"
    assert "Samen op in Acuut" in start
    form = police.page("/acute").form("/acute")
    sent = form.filled({**TYPED, "to": str(action_table.id)})
    for _ in range(2):
        assert police.post("/acute", data=sent, headers=police._from_page()).status_code == 303
    assert len(all_of(Referral)) == 1
    later(hours=25)
    outbox.drain(most=100)
    told = [one.subject for one in mails(recipient=on_duty.email)]
    assert told == ["Een overdracht wacht nog op antwoord"]
