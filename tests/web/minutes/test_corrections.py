"""After the meeting: those who were there correct and approve their parts, staff settle, silence adopts."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.kinds import PresenceState
from app.domain.local_time import to_local
from app.infra import clock, outbox
from app.infra.db import transaction
from app.models import (
    AgendaItem,
    CaseTable,
    Correction,
    Decision,
    ItemApproval,
    Meeting,
    MinutesExtract,
    Seat,
)
from tests import builders
from tests.builders import QUESTION, World
from tests.live import change, every, stored
from tests.minutes import closed_world, extract_url, minutes_url

TOO_LATE = 422


@pytest.fixture
def world(app, new_client) -> World:
    """Closed by its chair at a table that gives two working days for corrections."""
    made = closed_world()
    change(CaseTable, made.table.id, correction_working_days=2)
    change(Meeting, made.meeting.id, closed_at=None)
    chair = new_client().sign_in(made.chair.id)
    chair.page(f"/meetings/{made.meeting.id}")
    assert chair.send(f"/meetings/{made.meeting.id}/close").status_code == 303
    return made


def drain() -> None:
    while outbox.drain():
        pass


def item_url(world: World, item=None) -> str:
    return f"{extract_url(world)}/{(item or world.item).id}"


def correct(visitor, world: World, text: str, item=None) -> int:
    url = f"{item_url(world, item)}/correction"
    visitor.page("/")
    return visitor.send(url, {"text": text, "submit_key": text}).status_code


def approve(visitor, world: World, item=None) -> int:
    visitor.page("/")
    return visitor.send(f"{item_url(world, item)}/approval").status_code


def settle(visitor, world: World, verdict: str, answer: str = "") -> int:
    waiting = next(one for one in every(Correction) if one.settled_at is None)
    visitor.page("/")
    fields = {"verdict": verdict, "answer": answer, "submit_key": f"{verdict}{answer}"}
    return visitor.send(f"/corrections/{waiting.id}", fields).status_code


def adopted(world: World) -> list[bool]:
    moments = (stored(AgendaItem, one.id).adopted_at for one in (world.item, world.second_item))
    return [moment is not None for moment in moments]


def after_the_period(world: World) -> clock.FrozenClock:
    until = stored(Meeting, world.meeting.id).corrections_until_at
    return clock.FrozenClock(until + timedelta(seconds=1))


def test_the_period_ends_after_so_many_working_days(world):
    until = stored(Meeting, world.meeting.id).corrections_until_at
    assert to_local(until).strftime("%a %H:%M") == "Thu 00:00"


def test_who_was_there_corrects_and_reads_the_answer_and_nobody_else_does(world, new_client):
    police, care = (new_client().sign_in(who.id) for who in (world.police, world.care))
    chair = new_client().sign_in(world.chair.id)
    answer = police.fill(
        f"{item_url(world)}/correction", {"text": "Opmerkingpolitie"}, follow_redirects=True
    )
    assert "Opmerkingpolitie" in answer.text
    assert "wacht op antwoord" in answer.text
    assert "Opmerkingpolitie" not in care.page(extract_url(world)).text
    overview = chair.page(minutes_url(world)).text
    assert "opmerking wacht" in overview
    assert "Opmerkingpolitie" not in overview
    (said,) = every(Correction)
    assert "Opmerkingpolitie" in chair.page(f"/corrections/{said.id}").text
    for who in (world.care, world.stranger, world.police, world.administrator):
        new_client().sign_in(who.id).page(f"/corrections/{said.id}", status=404)
    assert settle(chair, world, "decline") == 422
    assert settle(chair, world, "decline", "Antwoordpolitie") == 303
    assert "Antwoordpolitie" in police.page(extract_url(world)).text
    assert "Antwoordpolitie" not in care.page(extract_url(world)).text
    assert stored(Correction, said.id).is_taken_over is False
    assert settle_again(chair, said) == 422


def settle_again(chair, said: Correction) -> int:
    chair.page("/")
    fields = {"verdict": "take-over", "submit_key": "again"}
    return chair.send(f"/corrections/{said.id}", fields).status_code


@pytest.mark.parametrize("presence", [None, PresenceState.ABSENT, PresenceState.DEPUTY])
def test_who_was_not_there_neither_corrects_nor_approves(world, client, presence):
    """A deputy nobody put on the seat was there, its holder was not."""
    change(Seat, world.police_seat.id, presence=presence)
    text = client.sign_in(world.police.id).page(extract_url(world)).text
    assert "Afspraakpolitie" in text
    assert "Akkoord met dit verslagdeel" not in text
    client.page(f"{item_url(world)}/correction", status=404)
    assert correct(client, world, "Toch") == 404
    assert approve(client, world) == 404
    assert approve(client, world, world.second_item) == 404
    assert not every(Correction)
    assert not every(ItemApproval)


def test_whoever_lost_the_extract_corrects_nothing(world, client):
    builders.exclusion(world.police, world.case, world.chair)
    client.sign_in(world.police.id)
    assert correct(client, world, "Toch") == 404
    assert approve(client, world) == 404


def test_staff_adopt_early_only_with_everybody_s_yes_and_nothing_waiting(world, new_client):
    police, care = (new_client().sign_in(who.id) for who in (world.police, world.care))
    chair = new_client().sign_in(world.chair.id)
    url = f"/items/{world.item.id}/minutes/adopt"
    chair.page(minutes_url(world))
    assert chair.send(url).status_code == 422
    assert chair.send(f"{minutes_url(world)}/adopt").status_code == 422
    assert approve(police, world) == approve(care, world) == 303
    assert correct(care, world, "Toch nog iets") == 303
    chair.page(minutes_url(world))
    assert chair.send(url).status_code == 422
    assert settle(chair, world, "decline", "Nee, zo was het.") == 303
    chair.page(minutes_url(world))
    assert chair.send(url).status_code == 422  # who corrected takes back the own yes
    assert approve(care, world) == 303
    assert chair.fill(minutes_url(world), action=url).status_code == 303
    assert adopted(world) == [True, False]
    assert stored(Meeting, world.meeting.id).adopted_at is None


def test_where_nobody_was_noted_as_present_nobody_said_yes(world, new_client):
    for seat in (world.police_seat, world.care_seat):
        change(Seat, seat.id, presence=None)
    chair = new_client().sign_in(world.chair.id)
    chair.page(minutes_url(world))
    assert chair.send(f"/items/{world.item.id}/minutes/adopt").status_code == 422
    with clock.use(after_the_period(world)):
        drain()
    assert adopted(world) == [True, True]


def test_an_item_adopted_shows_only_to_who_was_at_it(world, new_client):
    police, care = (new_client().sign_in(who.id) for who in (world.police, world.care))
    before = police.page(extract_url(world)).text
    assert approve(care, world, world.second_item) == 303
    chair = new_client().sign_in(world.chair.id)
    chair.fill(minutes_url(world), action=f"/items/{world.second_item.id}/minutes/adopt")
    drain()
    assert police.page(extract_url(world)).text == before
    text = care.page(extract_url(world)).text
    assert "Een deel van uw verslag is nog niet vastgesteld" in text
    assert "SHA-256" not in text
    assert not every(MinutesExtract)


def test_taking_over_asks_everybody_s_yes_again(world, new_client):
    police, care = (new_client().sign_in(who.id) for who in (world.police, world.care))
    chair = new_client().sign_in(world.chair.id)
    assert approve(care, world) == 303
    assert correct(police, world, "Andere datum") == 303
    assert settle(chair, world, "take-over") == 303
    assert not every(ItemApproval)
    assert approve(care, world) == approve(police, world) == 303
    (own,) = (one for one in every(Decision) if one.item_id == world.second_item.id)
    assert own.deleted_at is None
    decision = next(one for one in every(Decision) if one.item_id == world.item.id)
    edit = f"/decisions/{decision.id}/edit"
    chair.page(edit)
    line = {"line": "/b Nog iets", "seen": "/b Nog iets", "sign": "a"}
    capture = f"/meetings/{world.meeting.id}/items/{world.item.id}/capture"
    assert chair.send(f"{capture}/echo", line).status_code == 200
    assert (
        chair.send(edit, {"text": "Te laat", "kind": "agreement", "version": "0"}).status_code
        == 409
    )
    assert len(every(ItemApproval)) == 2  # typing alone, or too late, changes no words
    chair.fill(edit, {"text": "Zo dan"})
    assert not every(ItemApproval)
    assert approve(care, world) == 303
    chair.page(edit)
    assert chair.send(capture, line).status_code == 303
    assert not every(ItemApproval)


def test_silence_adopts_when_the_period_ends_but_not_what_is_held_back(world, new_client, mails):
    assert correct(new_client().sign_in(world.police.id), world, "Nog iets") == 303
    drain()
    assert adopted(world) == [False, False]
    with clock.use(after_the_period(world)):
        drain()
        assert adopted(world) == [False, True]
        care = new_client().sign_in(world.care.id)
        assert correct(care, world, "Te laat") == TOO_LATE
        assert approve(care, world) == TOO_LATE
        chair = new_client().sign_in(world.chair.id)
        assert "opmerking wacht" in chair.page(minutes_url(world)).text
        assert settle(chair, world, "decline", "Nee.") == 303
        drain()
        assert adopted(world) == [False, True]
    with clock.use(clock.FrozenClock(after_the_period(world).now() + timedelta(days=5))):
        drain()
        assert adopted(world) == [True, True]
        assert stored(Meeting, world.meeting.id).adopted_at == clock.now()
        drain()
        with transaction() as session:
            mine = select(MinutesExtract.parts).where(MinutesExtract.person_id == world.care.id)
            assert session.scalars(mine).all() == [2]
        care = new_client().sign_in(world.care.id)
        assert QUESTION in care.page(extract_url(world)).text
        chair = new_client().sign_in(world.chair.id)
        decision = next(one for one in every(Decision) if one.item_id == world.item.id)
        chair.page(f"/decisions/{decision.id}/edit")
        assert (
            chair.fill(f"/decisions/{decision.id}/edit", {"text": "Toch anders"}).status_code == 422
        )


def test_what_changes_after_the_period_can_be_corrected_one_more_working_day(
    world, new_client, mails
):
    assert correct(new_client().sign_in(world.police.id), world, "Andere datum") == 303
    late = after_the_period(world)
    with clock.use(late):
        drain()
        before = {one.name for one in mails()}
        chair, care = (new_client().sign_in(who.id) for who in (world.chair, world.care))
        assert settle(chair, world, "take-over") == 303
        drain()
        told = [one for one in mails() if one.name not in before]
        assert sorted(one.to for one in told) == sorted((world.police.email, world.care.email))
        for mail in told:
            assert "Uw deel van het verslag is gewijzigd." in mail.text
            assert "Andere datum" not in mail.text
            assert world.case.reference not in mail.text
        chair.page(minutes_url(world))
        assert chair.send(f"/items/{world.item.id}/minutes/adopt").status_code == 422
        assert adopted(world) == [False, True]
        assert approve(care, world) == 303
        decision = next(one for one in every(Decision) if one.item_id == world.item.id)
        chair.fill(f"/decisions/{decision.id}/edit", {"text": "Andere datum, zo dan"})
        assert not every(ItemApproval)
        drain()
        assert len(mails()) == len(before) + 2, "told once a day"
        assert approve(care, world, world.second_item) == TOO_LATE
    with clock.use(clock.FrozenClock(late.now() + timedelta(days=5))):
        drain()
        assert adopted(world) == [True, True]


def test_each_is_told_once_at_close_and_once_at_adoption_with_a_link_and_no_word(world, mails):
    drain()
    drain()
    first = mails()
    assert sorted(one.to for one in first) == sorted((world.police.email, world.care.email))
    with clock.use(after_the_period(world)):
        drain()
    later = [one for one in mails() if one.name not in {mail.name for mail in first}]
    assert sorted(one.to for one in later) == sorted((world.police.email, world.care.email))
    for mail in (*first, *later):
        assert f"/my-meetings/{world.meeting.id}/extract" in mail.text
        for word in ("Afspraak", "neutraal", QUESTION, world.case.reference, "GGZ", "Politie"):
            assert word not in mail.text.replace("Uw afspraken", "")


def test_who_lost_it_before_the_mail_left_is_not_told(world, mails):
    builders.exclusion(world.police, world.case, world.chair)
    drain()
    assert [one.to for one in mails()] == [world.care.email]


def test_without_a_period_the_chair_adopts_at_once(app, new_client):
    made = closed_world()
    assert stored(Meeting, made.meeting.id).corrections_until_at is None
    police = new_client().sign_in(made.police.id)
    assert "Klopt het?" not in police.page(extract_url(made)).text
    assert correct(police, made, "Toch") == 404
    chair = new_client().sign_in(made.chair.id)
    assert chair.fill(f"{minutes_url(made)}/adopt", action="/minutes/adopt").status_code == 303
    assert adopted(made) == [True, True]


def test_who_a_case_bars_adopts_the_other_items_only(app, new_client):
    made = closed_world()
    builders.exclusion(made.chair, made.case, made.coordinator)
    for staff, now_adopted in ((made.chair, [False, True]), (made.coordinator, [True, True])):
        new_client().sign_in(staff.id).send(f"{minutes_url(made)}/adopt")
        assert adopted(made) == now_adopted
