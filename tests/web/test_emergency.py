"""Opening a case in an emergency: after proof, read-only, for a quarter, told and reviewed."""

import statistics
import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.access import audit
from app.domain.kinds import TableRoleName
from app.domain.references import is_reference
from app.infra import clock, crypto, outbox
from app.infra.crypto import Sealed
from app.infra.db import transaction
from app.models import AuditEvent, BreakGlass, EmergencyReason, TableRole
from app.web import stepping_up
from tests import accounts, builders
from tests.crawler import without_tokens

REASON = "Moeder belt dat zij vannacht niet thuis kan blijven."
TEXTS = ("Kanarieaanleiding", "Kanarieveiligheid", "Kanariekinderen", "Kanariegezondheid")


@pytest.fixture
def world(app):
    return builders.small_world(open_papers=True)


@pytest.fixture
def officer(world):
    return accounts.enrolled(world.host, name="F. Gegevens", is_privacy_officer=True)


@pytest.fixture
def reader(world):
    """Named for emergencies at the first table alone."""
    who = accounts.enrolled(world.care_organisation, name="N. Dienst")
    builders.role(who, world.table, TableRoleName.EMERGENCY_READER)
    return who


@pytest.fixture
def shut(world, reader):
    """References the reader may not open, by why; each is one there is but the first."""
    barred, known = (builders.case(world.table, world.host) for _ in range(2))
    builders.exclusion(reader, barred, world.chair)
    builders.recusal(reader, known)
    return {
        "unknown": "MDA-33333",
        "elsewhere": builders.case(world.other_table, world.host).reference,
        "excluded": barred.reference,
        "recused": known.reference,
    }


def typed(reference, **more):
    return {"reference": reference, "reason": REASON, **more}


def opened(client, reference):
    accounts.step_up(client, "/emergency")
    answer = client.fill("/emergency", typed(reference))
    assert answer.status_code == 303, client.last.text
    return answer.headers["Location"]


def logged(**of):
    with transaction() as session:
        return session.scalars(select(AuditEvent).filter_by(**of).order_by(AuditEvent.id)).all()


def readings():
    with transaction() as session:
        return session.scalars(select(BreakGlass)).all()


def test_a_case_is_open_for_a_quarter_to_read_and_nothing_else(
    client, world, officer, frozen_clock
):
    client.sign_in(officer.id)
    assert client.get(f"/cases/{world.case.id}").status_code == 404
    path = opened(client, world.case.reference.lower().replace("-", " "))
    assert world.case.reference not in path
    page = client.page(path)
    assert all(text in page.text for text in TEXTS)
    assert "Kanarienaam" not in page.text
    assert [form.action.rpartition("/")[2] for form in page.forms if form.in_main] == ["end"]
    client.fill(path, action="/names/show")
    assert "Kanarienaam" in client.page(path).text
    read = logged(person_id=officer.id, ground="break-glass")
    assert {line.role for line in read} == {"emergency-reader"}
    assert {line.event for line in read} == {"emergency-procedure", "read", "reveal-identity"}
    assert client.get(f"/cases/{world.case.id}").status_code == 404
    frozen_clock.advance(timedelta(minutes=14))
    assert "Kanarieveiligheid" in client.page(path).text
    frozen_clock.advance(timedelta(minutes=1))
    assert client.get(path).status_code == 404


def test_it_ends_early_and_with_the_appointment(client, new_client, world, officer, reader):
    client.sign_in(officer.id)
    path = opened(client, world.case.reference)
    client.fill(path, action="/end")
    assert client.get(path).status_code == 404
    other = new_client().sign_in(reader.id)
    path = opened(other, world.case.reference)
    assert new_client().sign_in(officer.id).get(path).status_code == 404
    with transaction() as session:
        session.scalars(
            select(TableRole).where(TableRole.person_id == reader.id)
        ).one().until_at = clock.now()
    assert other.get(path).status_code == 404


def test_unknown_excluded_and_ineligible_answer_alike(
    client, reader, shut, frozen_clock, count_statements
):
    client.sign_in(reader.id)
    answers = []
    # The first try makes the key its reason is kept under.
    for reference in ("MDA-44444", *shut.values()):
        frozen_clock.advance(timedelta(minutes=1))
        accounts.step_up(client, "/emergency")
        client.page("/emergency")
        with count_statements() as sent:
            answer = client.fill("/emergency", typed(reference))
        body = without_tokens(answer.text).replace(reference, "").replace(accounts.code(), "")
        headers = frozenset(one for one in answer.headers if one[0] != "Set-Cookie")
        answers.append((answer.status_code, len(sent), headers, body))
    assert len(set(answers[1:])) == 1, [answer[:2] for answer in answers]
    assert answers[0][0] == answers[1][0] == 422
    assert "kunt u geen casus openen" in client.last.text
    refused = logged(event="emergency-procedure", outcome="refused")
    assert len(refused) == 5
    assert {line.case_id for line in refused} == {None}
    # Of a refused try the reference is kept, and no word that may tell of a case.
    kept = [
        Sealed(one.sealed_reason, audit.reason_binding(one.object_kind, one.object_id))
        for one in refused
    ]
    assert all(is_reference(text) for text in crypto.unseal_many(kept))
    assert not readings()


@pytest.mark.deep
def test_and_take_the_same_time(client, reader, shut, monkeypatch):
    """What is proved before weighs the same on all; it would drown what comes after."""
    monkeypatch.setattr(stepping_up, "has_own_proof", lambda: True)
    monkeypatch.setattr(stepping_up, "use_up", lambda: None)
    client.checking = False
    client.sign_in(reader.id).page("/emergency")
    took = {why: [] for why in shut}
    for _ in range(300):
        for why, reference in shut.items():
            began = time.process_time()
            answer = client.send("/emergency", typed(reference))
            took[why].append(time.process_time() - began)
            assert answer.status_code == 422
    middle = {why: statistics.median(times) for why, times in took.items()}
    apart = max(middle.values()) - min(middle.values())
    assert apart < min(0.002, 0.1 * middle["unknown"]), middle


@pytest.mark.parametrize("wrong", [{"code": "000000"}, {"current_password": "raad eens"}])
def test_nothing_opens_without_a_proof_of_its_own(client, world, officer, wrong):
    """Having signed in just now does not count, nor does a wrong word; what was typed is kept."""
    client.sign_in(officer.id)
    assert "Bevestig eerst dat u het bent" in client.page("/emergency").text
    late = client.send("/emergency", typed(world.case.reference))
    assert late.headers["Location"].startswith("/step-up?next=")
    assert not readings()
    given = {"current_password": accounts.PASSWORD, "code": accounts.code(), **wrong}
    assert client.fill(late.headers["Location"], given).status_code == 422
    assert client.send("/emergency", typed(world.case.reference)).status_code == 303
    assert not readings()
    assert logged(event="sign-in-failed", person_id=officer.id) or "code" in wrong


def test_one_proof_opens_one_case_for_a_reason(client, world, officer, frozen_clock):
    client.sign_in(officer.id)
    accounts.step_up(client, "/emergency")
    assert client.fill("/emergency", typed(world.case.reference, reason="nood")).status_code == 422
    assert client.fill("/emergency", typed(world.case.reference)).status_code == 303
    assert len(readings()) == 1
    again = client.send("/emergency", typed(world.case.reference))
    assert again.headers["Location"].startswith("/step-up")
    frozen_clock.advance(timedelta(seconds=30))
    accounts.step_up(client)
    frozen_clock.advance(timedelta(minutes=5))
    assert client.send("/emergency", typed(world.case.reference)).status_code == 303
    assert len(readings()) == 1


def test_only_who_is_named_finds_the_door(client, world):
    for who in (world.chair, world.police, world.administrator):
        assert client.sign_in(who.id).get("/emergency").status_code == 404
    builders.role(world.administrator, world.table, TableRoleName.EMERGENCY_READER)
    assert client.sign_in(world.administrator.id).get("/emergency").status_code == 404


def test_chair_and_sources_hear_of_it_at_once(client, new_client, world, officer, mails):
    second = builders.person(world.host, "G. Gegevens", is_privacy_officer=True)
    builders.exclusion(world.care, world.case, world.chair)
    client.sign_in(officer.id)
    opened(client, world.case.reference)
    outbox.drain(most=100)
    told = {mail.to for mail in mails()}
    assert told == {world.chair.email, second.email, world.police.email}
    for mail in mails():
        assert world.case.reference not in mail.text + mail.subject + mail.html
        assert "Kanarie" not in mail.text + mail.html
        assert officer.name not in mail.text + mail.html
    assert "1 noodtoegang om te beoordelen" in new_client().sign_in(world.chair.id).page("/").text
    source = new_client().sign_in(world.police.id)
    assert "informatie van uw organisatie in nood geopend" in source.page("/").text
    page = source.page("/my-readers")
    assert officer.name in page.text
    assert REASON not in page.text
    assert "in nood geopend" not in new_client().sign_in(world.care.id).page("/").text


def test_another_person_reviews_it(client, new_client, world, officer):
    client.sign_in(officer.id)
    opened(client, world.case.reference)
    path = f"/emergency/readings/{readings()[0].id}"
    said = {"verdict": "justified", "text": "Terecht: de crisisdienst was nodig."}
    assert "wacht op een ander" in client.page(path).text
    assert client.send(path, said).status_code == 404
    helper = new_client().sign_in(world.coordinator.id)
    assert REASON in helper.page(path).text
    assert helper.send(path, said).status_code == 404
    assert new_client().sign_in(world.stranger.id).get(path).status_code == 404
    leader = new_client().sign_in(world.chair.id)
    assert leader.fill(path, {"text": "Kort."}).status_code == 422
    assert leader.fill(path, said).status_code == 303
    assert "Terecht: de crisisdienst was nodig." in leader.page(path).text
    assert leader.send(path, said).status_code == 404
    one = readings()[0]
    assert (one.reviewed_by_id, one.justified) == (world.chair.id, True)
    with transaction() as session:
        assert REASON.encode() not in session.scalars(select(EmergencyReason)).one().text_ct


def test_the_next_agenda_has_it_for_staff_alone(client, new_client, world, officer):
    later = builders.meeting(world.table, starts_at=world.meeting.starts_at + timedelta(days=7))
    client.sign_in(officer.id)
    opened(client, world.case.reference)
    helper = new_client().sign_in(world.coordinator.id)
    partner = new_client().sign_in(world.police.id)
    for page in ("", "/live"):
        path = f"/meetings/{world.meeting.id}{page}"
        assert "Noodtoegang in" in helper.page(path).text
        assert "Noodtoegang in" not in helper.page(f"/meetings/{later.id}{page}").text
        assert partner.get(path).status_code == 404
    assert "Noodtoegang" not in partner.page(f"/my-meetings/{world.meeting.id}").text
    builders.exclusion(world.coordinator, world.case, world.chair)
    for page in ("", "/live"):
        assert "Noodtoegang in" not in helper.page(f"/meetings/{world.meeting.id}{page}").text
