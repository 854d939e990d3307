"""The page that says what closing a meeting does, before it is done."""

from app.domain.kinds import AccountState, PresenceState
from app.infra import clock
from app.models import CaseTable, Meeting, PaperCopy, Person, Seat
from tests import builders
from tests.live import change, live_url, stored


def close_url(world) -> str:
    return f"/meetings/{world.meeting.id}/close"


def test_what_closing_does_is_read_first_and_done_with_one_button(running, chair):
    """Who was not invited gets no mail, nor whoever has no account that goes on."""
    change(CaseTable, running.table.id, correction_working_days=3)
    school = builders.organisation("SCH")
    builders.seat(running.item, school, builders.person(school), invited=False)
    builders.save(
        PaperCopy(
            meeting_id=running.meeting.id, seat_id=running.police_seat.id, number=1,
            person_id=running.police.id, made_by_id=running.chair.id, made_at=clock.now(),
        )
    )  # fmt: skip
    chair.send(f"/items/{running.item.id}/open")
    assert close_url(running) in chair.page(live_url(running)).links
    text = chair.page(close_url(running)).text
    assert f"{running.case.reference} is nog aan de beurt" in text
    nobody = f"Bij {running.case.reference} is niemand als aanwezig genoteerd."
    assert nobody in text
    change(Seat, running.police_seat.id, presence=PresenceState.PRESENT)
    assert nobody not in chair.page(close_url(running)).text
    assert f"1 casus is nog niet besproken: {running.second_case.reference}." in text
    assert "komt terug als voorstel" in text
    assert "2 deelnemers krijgen een mail met alleen een link, zonder inhoud." in text
    assert "1 exemplaar op papier is nog niet terug." in text
    assert "kan tot en met" in text
    assert "Sluiten kan niet ongedaan worden gemaakt." in text
    assert stored(Meeting, running.meeting.id).closed_at is None
    change(Person, running.care.id, state=AccountState.BLOCKED)
    change(CaseTable, running.table.id, correction_working_days=0)
    text = chair.page(close_url(running)).text
    assert "1 deelnemer krijgt een mail" in text
    assert "kan tot en met" not in text
    assert chair.fill(close_url(running), action="/close").status_code == 303
    assert stored(Meeting, running.meeting.id).closed_at == clock.now()
    chair.page(close_url(running), status=422)


def test_staff_who_are_barred_read_nothing_of_the_case_and_others_no_page(
    running, client, new_client, count_statements
):
    builders.exclusion(running.chair, running.case, running.coordinator)
    client.sign_in(running.chair.id)
    with count_statements() as sent:
        text = client.page(close_url(running)).text
    assert len(sent) <= 12
    assert running.case.reference not in text
    assert "1 deelnemer krijgt een mail" in text
    assert "Wie alleen bij een gesloten blok deelneemt, is niet meegeteld." in text
    for who in (running.stranger, running.police, running.administrator):
        new_client().sign_in(who.id).page(close_url(running), status=404)
