"""A referrer follows the own referral, and sees nothing more of what became of it."""

import pytest
from sqlalchemy import select

from app.access import Permission
from app.access.messages import referral_notices
from app.access.referrals import triage
from app.domain.kinds import CaseState, ReferralState
from app.infra import outbox
from app.infra.db import transaction
from app.infra.outbox import OutboxRow
from app.models import Case, CaseTable, Person, Referral, ReferralQuestion
from tests import builders
from tests.referring import CANARIES, id_of, rows, sent
from tests.seats import UNKNOWN, actor_of, change, later, recorded
from tests.triage import refer


def by_staff(world, act, path: str, *given):
    """Staff do something with the referral at ``path``, as the service does."""
    actor = actor_of(world.coordinator)
    with transaction() as session:
        loaded = triage.load(session, actor, id_of(path), Permission.REFERRAL_TRIAGE)
        act(session, actor, loaded, *given)


def state_of(path: str) -> tuple[ReferralState, CaseState]:
    (referral,) = rows(select(Referral).where(Referral.id == id_of(path)))
    (case,) = rows(select(Case).where(Case.id == referral.case_id))
    return referral.state, case.state


def test_a_question_back_is_mailed_answered_and_goes_on(referrer, world, mails):
    path = sent(referrer, world.table)
    by_staff(world, triage.ask_back, path, "Oude vraag?")
    by_staff(world, triage.take_up, path)
    page = referrer.page(path)
    assert "In beoordeling" in page.text
    assert 'name="answer"' not in page.html, "staff went on without it"
    later(minutes=1)
    by_staff(world, triage.ask_back, path, "Kanariewedervraag?")
    outbox.drain(most=100)
    *_, mail = mails(recipient=world.police_colleague.email)
    assert mail.subject == "Er is een vraag over uw aanmelding"
    assert not [one for one in (*CANARIES, "Kanariewedervraag") if one in mail.text + mail.subject]
    assert "Vraag aan u" in referrer.page("/referrals").text
    assert "Er is een vraag over 1 aanmelding van u" in referrer.page("/").text
    assert "Kanariewedervraag?" in referrer.page(path).text
    empty = referrer.fill(path, {"answer": " "})
    assert empty.status_code == 422
    assert "Kanariewedervraag?" in empty.text
    form = referrer.page(path).form().filled({"answer": "Kanarieantwoord."})
    known = len(rows(select(OutboxRow.id).where(OutboxRow.kind == referral_notices.ARRIVED)))
    assert referrer.send(path, form).status_code == 303
    told = rows(select(OutboxRow.id).where(OutboxRow.kind == referral_notices.ARRIVED))
    assert len(told) == known + 1, "staff hear once that there is an answer"
    assert state_of(path) == (ReferralState.IN_TRIAGE, CaseState.IN_TRIAGE)
    late = referrer.send(path, {**form, "submit_key": "other", "answer": "Nog eens"})
    assert late.status_code == 422
    assert referrer.send(path, {"question": UNKNOWN, "answer": "x"}).status_code == 404
    assert "Kanarieantwoord." in referrer.page(path).text
    assert "Er is een vraag over" not in referrer.page("/").text


@pytest.mark.parametrize(
    "outcome",
    [(ReferralState.ADVISED, "Advies"), (ReferralState.REFUSED, "Niet in behandeling")],
)
def test_the_outcome_is_addressed_to_the_referrer_and_to_nobody_else(
    new_client, referrer, world, mails, outcome
):
    state, subject = outcome
    path = sent(referrer, world.table)
    by_staff(world, triage.take_up, path)
    by_staff(world, triage.decline, path, state, "Kanarieuitkomst: bel het wijkteam.")
    outbox.drain(most=100)
    (mail,) = mails(recipient=world.police_colleague.email)
    assert mail.subject == "Er is een antwoord op uw aanmelding"
    assert "Kanarie" not in mail.text
    page = referrer.page(path).text
    assert subject in page
    assert "Kanarieuitkomst" in page
    assert recorded(world.police_colleague, "referral", "read")
    assert referrer.get(f"{path}/withdraw").status_code == 200
    assert referrer.fill(f"{path}/withdraw", {"reason": "Te laat"}).status_code == 422
    for other in (world.police, world.care, world.administrator, world.stranger):
        assert new_client().sign_in(other.id).get(path).status_code == 404


def test_the_end_of_its_case_comes_with_words_for_the_referrer(referrer, staff, world, mails):
    path = sent(referrer, world.table)
    by_staff(world, triage.take_up, path)
    (case,) = rows(select(Case).where(Case.state == CaseState.IN_TRIAGE))
    own = builders.case(world.table, world.police_organisation, state=CaseState.IN_PROGRESS)
    assert "Terugkoppeling" not in staff.page(f"/cases/{own.id}/close").text, "nobody referred it"
    actor = actor_of(world.coordinator)
    with transaction() as session:
        loaded = triage.load(session, actor, id_of(path), Permission.REFERRAL_TRIAGE)
        triage.accept(session, actor, loaded, message="Wij bespreken dit.")
    outbox.drain(most=100)
    known = len(mails(recipient=world.police_colleague.email))
    later(minutes=1)
    change(Case, Case.id == case.id, state=CaseState.IN_PROGRESS)
    close = f"/cases/{case.id}/close"
    assert staff.fill(close, {"message": "Kanarieterugkoppeling"}).status_code == 303
    assert state_of(path) == (ReferralState.CLOSED, CaseState.CLOSED)
    outbox.drain(most=100)
    told = mails(recipient=world.police_colleague.email)
    assert len(told) == known + 1
    assert "Kanarieterugkoppeling" not in told[-1].text
    page = referrer.page(path)
    for text in ("Afgesloten", "Wij bespreken dit.", "Kanarieterugkoppeling"):
        assert text in page.text
    assert case.reference not in page.html
    assert "Afgesloten" in referrer.page("/referrals").text
    assert "Kanarieterugkoppeling" in staff.page(f"/triage/{id_of(path)}").text


def test_withdrawing_ends_the_case_and_tells_staff_why(referrer, staff, world):
    path = sent(referrer, world.table)
    assert referrer.fill(f"{path}/withdraw").status_code == 422
    assert referrer.fill(f"{path}/withdraw", {"reason": "Kanarieintrekking"}).status_code == 303
    assert state_of(path) == (ReferralState.WITHDRAWN, CaseState.CLOSED)
    assert "Ingetrokken" in referrer.page(path).text
    assert "Kanarieintrekking" in staff.page(f"/triage/{id_of(path)}").text


def test_whom_the_case_bars_who_left_and_who_handed_it_on_keep_no_trace(
    new_client, referrer, world, mails
):
    path = sent(referrer, world.table)
    (referral,) = rows(select(Referral))
    (case,) = rows(select(Case).where(Case.id == referral.case_id))
    builders.exclusion(world.police, case, world.coordinator)
    assert "A. Yilmaz" not in referrer.page(f"{path}/hand-on").text
    barred = referrer.send(f"{path}/hand-on", {"colleague": str(world.police.id)})
    assert barred.status_code == 422
    colleague = builders.person(world.police_organisation, "Z. Opvolger")
    handed = referrer.fill(f"{path}/hand-on", {"colleague": str(colleague.id)})
    assert handed.status_code == 303
    assert referrer.get(path).status_code == 404
    assert path not in referrer.page("/referrals").html
    follower = new_client().sign_in(colleague.id)
    assert "Ontvangen" in follower.page(path).text
    outbox.drain(most=100)
    (mail,) = mails(recipient=colleague.email)
    assert "overgedragen" in mail.text
    builders.recusal(colleague, case)
    assert follower.get(path).status_code == 404
    assert path not in follower.page("/referrals").html
    own = refer(world.table, world.police_colleague, world.police_organisation).referral
    assert str(own.id) in referrer.page("/referrals").html
    change(
        Person, Person.id == world.police_colleague.id, organisation_id=world.care_organisation.id
    )
    assert str(own.id) not in referrer.page("/referrals").html
    assert referrer.get(f"/referrals/{own.id}").status_code == 404


def test_staff_hear_of_an_acute_one_at_once_and_its_referrer_reads_whom_to_call(
    referrer, world, mails
):
    change(Person, Person.id == world.coordinator.id, phone="06-12345678")
    change(CaseTable, CaseTable.id == world.table.id, host_organisation_id=world.host.id)
    builders.contact(world.table, world.host, name="Piket gemeente", phone="06-11223344")
    builders.contact(world.table, world.care_organisation, name="Dienst GGZ", phone="06-99887766")
    barred = builders.coordinator(world.host, world.table)
    path = sent(referrer, world.table, matter={"urgency": "acute"})
    (referral,) = rows(select(Referral))
    (case,) = rows(select(Case).where(Case.id == referral.case_id))
    builders.exclusion(barred, case, world.coordinator)
    page = referrer.page(path)
    assert "Bel nu" in page.text
    assert "06-12345678" in page.text
    assert "06-11223344" in page.text
    assert "06-99887766" not in page.text
    outbox.drain(most=100)
    (mail,) = mails(recipient=world.coordinator.email)
    assert "acute" in mail.subject
    assert not [one for one in (*CANARIES, case.reference) if one in mail.text]
    assert not mails(recipient=barred.email)
    assert not mails(recipient=world.stranger.email)


def test_staff_who_saw_to_it_meanwhile_hear_nothing(referrer, world, mails):
    path = sent(referrer, world.table)
    by_staff(world, triage.take_up, path)
    by_staff(world, triage.accept, path)
    outbox.drain(most=100)
    assert not mails(recipient=world.coordinator.email)
    assert "Geaccepteerd door MDA++ Deltaland" in referrer.page(path).text


def test_words_of_a_referral_stand_in_no_address_and_no_log(referrer, world, caplog):
    path = sent(referrer, world.table)
    by_staff(world, triage.ask_back, path, "Kanariewedervraag?")
    (question,) = rows(select(ReferralQuestion))
    referrer.send(path, {"question": str(question.id), "answer": "Kanarieantwoord"})
    assert "Kanarie" not in caplog.text
    assert not [one for one in referrer.page("/referrals").links if "anarie" in one]
