"""Adding to adopted minutes, and what staff see before and after adopting them."""

import re

import pytest

from app.domain.kinds import PresenceState
from app.infra import outbox
from app.models import Addendum, AddendumReader, Decision, Note, Seat
from tests import builders
from tests.builders import QUESTION, World
from tests.live import change, every
from tests.minutes import adopt, closed_world, correction, extract_url, minutes_url, note, oral

# What surrounds the part itself: head, navigation, title, buttons, version, reactions and foot.
PART = re.compile(rb'<article class="extract stack">.*?</article>', re.DOTALL)


@pytest.fixture
def world(app) -> World:
    return closed_world()


def add_url(world: World) -> str:
    return f"/items/{world.item.id}/minutes/additions"


def drain() -> None:
    while outbox.drain():
        pass


def test_the_preview_is_byte_for_byte_what_the_recipient_gets(world, new_client):
    note(world.item, world.chair, "Notitiepolitie", to=[world.police_seat])
    note(world.second_item, world.chair, "Notitiezorg", to=[world.second_care_seat])
    mark = oral(world.item, world.care_seat, world.chair)
    builders.decision(
        world.item, world.chair, "Samen besloten", to=[world.police_seat, world.care_seat],
        dissent="Te vroeg", dissent_seat_id=world.care_seat.id, taken_by_seat_id=world.police_seat.id,
        oral_mark_id=mark.id,
    )  # fmt: skip
    chair = new_client().sign_in(world.chair.id)
    shown = {
        seat.id: PART.findall(chair.get(f"{minutes_url(world)}/{seat.id}").data)
        for seat in (world.police_seat, world.care_seat)
    }
    chair.fill(f"{minutes_url(world)}/adopt", action="/minutes/adopt")
    drain()
    for seat, who, others in (
        (world.police_seat, world.police, (b"Notitiezorg", b"Afspraaktwee", b"Zorgvol")),
        (world.care_seat, world.care, (b"Notitiepolitie", b"Politievol")),
    ):
        answer = new_client().sign_in(who.id).get(extract_url(world))
        (part,) = PART.findall(answer.data)
        assert [part] == shown[seat.id]
        assert b"Te vroeg" in part
        assert QUESTION.encode() in part
        assert b"Afspraak" not in PART.sub(b"", answer.data)
        for word in others:
            assert word not in answer.data


def test_a_text_that_names_an_organisation_which_does_not_read_it_is_pointed_out(world, client):
    note(world.item, world.chair, "Bel met ggz delta.", to=[world.police_seat])
    url = f"{minutes_url(world)}/{world.police_seat.id}"
    warning = "‘GGZ Delta’ wordt genoemd in een tekst die deze organisatie zelf niet krijgt"
    assert warning in client.sign_in(world.chair.id).page(url).text
    change(Seat, world.care_seat.id, is_staff_only=True)
    assert "alleen de voorzitter en de procesregisseur mogen weten" in client.page(url).text
    assert "wordt genoemd" not in client.page(f"{minutes_url(world)}/{world.care_seat.id}").text
    both = [world.police_seat, world.care_seat]
    change(Seat, world.care_seat.id, is_staff_only=False)
    change(Note, every(Note)[0].id, deleted_at=every(Note)[0].recorded_at)
    note(world.item, world.chair, "Bel met GGZ Delta.", to=both)
    assert "wordt genoemd" not in client.page(url).text


def test_staff_see_what_was_looked_at_opened_and_taken_along(world, new_client):
    chair = new_client().sign_in(world.chair.id)
    assert "0 van 2 gecontroleerd" in chair.page(minutes_url(world)).text
    chair.page(f"{minutes_url(world)}/{world.police_seat.id}")
    assert "0 van 2 gecontroleerd" in chair.page(minutes_url(world)).text
    chair.fill(f"{minutes_url(world)}/{world.police_seat.id}", action="check")
    assert "1 van 2 gecontroleerd" in chair.page(minutes_url(world)).text
    decision = every(Decision)[0]
    late = f"{minutes_url(world)}/{world.care_seat.id}"
    form = chair.page(late).form("check")
    builders.action(world.item, world.care_organisation, None, world.chair, safe="Kwam erbij")
    answer = chair.send(form.action, form.filled({}), follow_redirects=True)
    assert "Hier is intussen iets veranderd." in answer.text
    assert "Kwam erbij" in answer.text
    assert "1 van 2 gecontroleerd" in chair.page(minutes_url(world)).text
    chair.fill(f"/decisions/{decision.id}/edit", {"text": "Anders"})
    assert "0 van 2 gecontroleerd" in chair.page(minutes_url(world)).text
    adopt(world)
    police = new_client().sign_in(world.police.id)
    police.page(extract_url(world))
    text = chair.page(minutes_url(world)).text
    assert "geopend 01-06-2026" in text
    assert "meegenomen" not in text
    police.send(f"{extract_url(world)}/download")
    assert "meegenomen 01-06-2026" in chair.page(minutes_url(world)).text


def test_how_much_was_withheld_counts_notes_and_shows_to_staff_only(world, new_client):
    note(world.item, world.chair, "Notitiezorg", to=[world.care_seat])
    chair = new_client().sign_in(world.chair.id)
    assert "A. Yilmaz 1 1 1 3" in chair.page(minutes_url(world)).text
    text = new_client().sign_in(world.police.id).page(extract_url(world)).text
    assert "Niet opgenomen" not in text


def test_an_addition_waits_for_adoption_and_then_reaches_whom_it_is_for(world, new_client, mails):
    chair = new_client().sign_in(world.chair.id)
    assert chair.get(add_url(world)).status_code == 422
    adopt(world)
    assert "Vul aan" in chair.page(minutes_url(world)).text
    change(Seat, world.care_seat.id, presence=PresenceState.ABSENT)
    answer = chair.fill(add_url(world), {"text": "Aanvullingpolitie"})
    assert answer.status_code == 303
    (made,) = every(Addendum)
    assert [one.seat_id for one in every(AddendumReader)] == [world.police_seat.id]
    assert b"Aanvulling" not in made.text_ct
    drain()
    assert [mail.to for mail in mails()] == [world.police.email]
    assert "Aanvullingpolitie" not in mails()[0].text
    police, care = (new_client().sign_in(who.id) for who in (world.police, world.care))
    assert "Aanvullingpolitie" in police.page(extract_url(world)).text
    assert "Aanvullingpolitie" not in care.page(extract_url(world)).text
    assert "Aanvullingpolitie" not in chair.page(minutes_url(world)).text
    assert "Aanvullingpolitie" in chair.page(f"{minutes_url(world)}/{world.police_seat.id}").text


def test_adding_is_for_staff_and_for_seats_of_the_item(world, new_client):
    adopt(world)
    for who in (world.police, world.stranger, world.administrator):
        new_client().sign_in(who.id).page(add_url(world), status=404)
    chair = new_client().sign_in(world.chair.id)
    chair.page(add_url(world))
    wrong = {"text": "Voor een ander", "seats": str(world.second_care_seat.id), "submit_key": "a"}
    assert chair.send(add_url(world), wrong).status_code == 422
    assert (
        chair.send(add_url(world), {"text": "Voor niemand", "submit_key": "b"}).status_code == 422
    )
    assert not every(Addendum)


def test_the_overview_asks_the_same_however_much_there_is(world, client, count_statements):
    client.sign_in(world.chair.id).page(minutes_url(world))
    with count_statements() as before:
        client.page(minutes_url(world))
    for number in range(5):
        note(world.item, world.chair, f"Notitie {number}", to=[world.police_seat])
        correction(world.item, world.police, f"Opmerking {number}")
        builders.decision(world.item, world.chair, f"Meer {number}", to=[world.police_seat])
    with count_statements() as after:
        client.page(minutes_url(world))
    assert len(after) == len(before) <= 19
