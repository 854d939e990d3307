"""The gate: who is in the room without a seat leaves, or stays with a reason."""

from sqlalchemy import select

from app.domain.kinds import PresenceState, TaskKind
from app.infra.db import transaction
from app.models import Bystander, Seat, SeatHold
from tests import builders
from tests.live import act_url, change, decide_url, every, live_url, new_action
from tests.seats import recorded


def test_who_is_there_without_a_seat_leaves_or_stays_with_a_reason(running, chair):
    sheet = f"/meetings/{running.meeting.id}/live?item={running.item.id}"
    chair.page(sheet)
    assert chair.fill(sheet, {"who": "M. Extern, GGD"}, action="/bystanders").status_code == 303
    page = chair.page(sheet)
    assert "M. Extern, GGD" in page.text
    assert recorded(running.chair, "bystander", "read") == 1
    assert "Begin met bespreken" not in page.text
    assert chair.send(f"/items/{running.item.id}/open").status_code == 422
    (one,) = every(Bystander)
    assert b"Extern" not in one.name_ct
    admit = f"/bystanders/{one.id}/admit"
    chair.page(admit)
    assert chair.send(admit, {"reason": " "}).status_code == 422
    assert chair.fill(admit, {"reason": "Loopt mee met toestemming"}).status_code == 303
    assert chair.send(admit, {"reason": "Nog eens"}).status_code == 422
    (one,) = every(Bystander)
    assert (one.is_admitted, one.settled_by_id) == (True, running.chair.id)
    assert chair.send(f"/items/{running.item.id}/open").status_code == 303
    assert "M. Extern" not in chair.page(sheet).text


def test_the_gate_stands_too_when_somebody_enters_while_an_item_is_open(running, chair):
    """Noted late, or seen at the roll call where nobody known sits."""
    change(Seat, running.police_seat.id, presence=PresenceState.PRESENT)
    sheet = live_url(running, running.item)
    builders.task(
        running.police_colleague, running.case, running.coordinator, kind=TaskKind.GUEST,
        item_id=running.item.id,
    )  # fmt: skip
    chair.send(f"/items/{running.item.id}/open")
    seen = chair.page(sheet).text
    assert f"Uitgenodigde gasten {running.police_colleague.name}" in seen
    assert "Onderbreek" not in seen, "who was invited is no stranger"
    chair.fill(sheet, {"who": "M. Extern"}, action="/bystanders")
    chair.page(sheet)
    said = {"text": "Zo doen wij het", "kind": "agreement"}
    assert "Onderbreek de bespreking" in chair.page(sheet).text
    answer = chair.send(decide_url(running), said)
    assert answer.status_code == 422
    assert "Zo doen wij het" in answer.text, "what was typed is kept"
    assert chair.send(act_url(running), new_action(running)).status_code == 422
    chair.fill(sheet, action="/left")
    assert chair.send(decide_url(running), said).status_code == 303
    url = f"/meetings/{running.meeting.id}/seats/{running.police_seat.id}/presence"
    chair.send(url, {"presence": "deputy"})
    assert "Plaats een vervanger" in chair.page(sheet).text
    assert chair.send(decide_url(running), said).status_code == 422
    holds = select(SeatHold).where(SeatHold.seat_id == running.police_seat.id)
    with transaction() as session:
        session.scalars(holds).one().is_deputy = True
    assert chair.send(decide_url(running), said).status_code == 303


def test_who_left_the_room_keeps_nobody_waiting(running, chair, new_client):
    sheet = f"/meetings/{running.meeting.id}/live?item={running.item.id}"
    one = builders.bystander(running.item, running.case, "M. Extern", running.chair)
    for who in (running.police, running.stranger):
        other = new_client().sign_in(who.id)
        other.page("/")
        assert other.send(f"/bystanders/{one.id}/left").status_code == 404
        assert other.send(f"/items/{running.item.id}/bystanders", {"who": "x"}).status_code == 404
    chair.fill(sheet, action="/left")
    assert [left.is_admitted for left in every(Bystander)] == [False]
    assert "Begin met bespreken" in chair.page(sheet).text
