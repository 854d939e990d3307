"""Somebody with the task of taking minutes at one item: writes down there, reads the own lines."""

from datetime import timedelta

import pytest

from app.domain.kinds import PresenceState, TaskKind
from app.infra import clock
from app.models import Action, AuditEvent, Bystander, Decision, Meeting, Note, Seat
from tests import builders, statements
from tests.builders import QUESTION, World
from tests.live import change, every


@pytest.fixture
def minuter(running: World):
    """A colleague of the host with an accepted task at the open item."""
    change(Seat, running.police_seat.id, presence=PresenceState.PRESENT)
    who = builders.person(running.host, name="Marit Notulen")
    task = builders.task(
        who, running.case, running.chair, kind=TaskKind.SECRETARY, item_id=running.item.id,
        until_at=clock.now() + timedelta(days=9), accepted_at=clock.now(), reason="Verslag",
    )  # fmt: skip
    return who, f"/tasks/{task.id}/minutes"


def write(client, url: str, line: str, **more: str):
    return client.send(f"{url}/capture", {"line": line, "seen": line, "sign": "b", **more})


def test_a_secretary_writes_down_and_reads_the_own_lines(running, minuter, client) -> None:
    who, url = minuter
    builders.decision(running.item, running.chair, "Kanarieafspraak van de voorzitter")
    client.sign_in(who.id)
    assert "Door u vastgelegd" in client.page(url).text
    assert write(client, url, "/b Politie belt morgen").status_code == 303
    assert write(client, url, "/n Sfeer was goed").status_code == 303
    typed = f"/a Sleutel halen @{running.police_organisation.code} >+2w"
    asked = write(client, url, typed)
    assert asked.status_code == 422, "nothing is proposed that could say who is concerned"
    assert write(client, url, typed, safe="Regelen").status_code == 303
    text = client.page(url).text
    before = len(every(AuditEvent))
    assert client.send(f"{url}/echo", {"line": "/b Nog een"}).status_code == 200
    assert len(every(AuditEvent)) == before, "typing opens none of the lines written before"
    for own in ("Politie belt morgen", "Sfeer was goed", "Sleutel halen"):
        assert own in text
    for foreign in ("Kanarieafspraak", QUESTION, running.police.name, "aanwezig", "geen persoon"):
        assert foreign not in text
    lines = [*every(Decision)[1:], *every(Note), *every(Action)]
    assert {one.recorded_by_id for one in lines} == {who.id}
    grounds = {row.ground for row in every(AuditEvent) if row.person_id == who.id and row.item_id}
    assert grounds == {"task"}


def test_the_worksheet_and_the_lines_of_others_stay_with_staff(running, minuter, client) -> None:
    who, url = minuter
    made = builders.decision(running.item, running.chair)
    client.sign_in(who.id)
    client.page(f"/meetings/{running.meeting.id}/live", status=404)
    client.page(f"/decisions/{made.id}/edit", status=404)
    line = {"line": "/b Nee", "seen": "/b Nee"}
    elsewhere = f"/meetings/{running.meeting.id}/items/{running.item.id}/capture"
    assert client.send(elsewhere, line).status_code == 404
    for stranger in (running.police, running.stranger, running.administrator):
        client.sign_in(stranger.id)
        client.page(url, status=404)
        assert client.send(f"{url}/capture", line).status_code == 404


def test_a_seat_only_staff_know_of_is_not_named(running, minuter, client) -> None:
    who, url = minuter
    change(Seat, running.care_seat.id, is_staff_only=True, presence=PresenceState.PRESENT)
    client.sign_in(who.id)
    code = running.care_organisation.code
    assert code not in client.page(url).text
    echo = client.send(f"{url}/echo", {"line": f"/b Iets @{code}"}).get_json()["html"]
    assert running.care_organisation.name not in echo
    assert running.care.name not in echo


def test_a_neutral_text_that_tells_is_refused_when_it_is_saved(running, minuter, client) -> None:
    """It goes to mails and overviews; while typing nothing is told of what stands in the case."""
    who, url = minuter
    client.sign_in(who.id)
    client.page(url)
    line = f"/a Bellen @{running.police_organisation.code} >+2w"
    tells = {"line": line, "seen": line, "safe": "Bel Kanarienaam"}
    assert "iets uit de casus" not in client.send(f"{url}/echo", tells).get_json()["html"]
    refused = write(client, url, line, safe="Bel Kanarienaam")
    assert refused.status_code == 422
    assert "nog iets uit de casus" in refused.text
    assert "Bel Kanarienaam" in refused.text, "what was typed is kept"
    assert not every(Action)
    assert write(client, url, line, safe="Bel terug").status_code == 303


def test_it_waits_at_the_gate_and_ends_with_task_exclusion_and_adoption(
    running, minuter, client
) -> None:
    who, url = minuter
    there = builders.bystander(running.item, running.case, "M. Extern", running.chair)
    client.sign_in(who.id)
    assert write(client, url, "/b Een").status_code == 422
    change(Bystander, there.id, settled_at=clock.now(), is_admitted=False)
    assert write(client, url, "/b Een").status_code == 303
    change(Meeting, running.meeting.id, adopted_at=clock.now())
    assert write(client, url, "/b Twee").status_code == 422
    change(Meeting, running.meeting.id, adopted_at=None)
    builders.exclusion(who, running.case, running.chair)
    assert write(client, url, "/b Twee").status_code == 404
    assert len(every(Decision)) == 1


def test_the_page_costs_the_same_with_many_lines(running, minuter, client) -> None:
    who, url = minuter
    client.sign_in(who.id)
    builders.decision(running.item, who)
    client.page(url)
    with statements.counted() as few:
        client.page(url)
    for _ in range(6):
        builders.decision(running.item, who)
    with statements.counted() as many:
        client.page(url)
    assert len(many) == len(few) <= 12
