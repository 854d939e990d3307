"""The extract of the minutes: one's own part and nothing of anybody else's, before and after adoption."""

import uuid
from datetime import timedelta

import pytest

from app.domain.kinds import AccountState, CallOutcome, HoldEnd, PresenceState
from app.infra import clock
from app.infra.db import transaction
from app.models import Call, Meeting, Person, Seat, SeatHold
from tests import builders
from tests.builders import QUESTION, World
from tests.live import change
from tests.minutes import adopt, closed_world, extract_url

SENTENCE = "Dit overzicht bevat alleen wat voor u bestemd is."


@pytest.fixture
def world(app) -> World:
    return closed_world()


def test_a_concept_holds_the_own_agreements_and_actions(world, client):
    text = client.sign_in(world.police.id).page(extract_url(world)).text
    assert SENTENCE in text
    assert "Concept" in text
    assert "Afspraakpolitie" in text
    assert "Politievol" in text
    assert QUESTION not in text
    for foreign in ("Afspraakzorg", "Zorgneutraal", "Zorgvol", "Afspraaktwee"):
        assert foreign not in text
    assert world.second_case.reference not in text


def test_adopted_it_also_holds_the_question_and_who_was_there(world, client):
    adopt(world)
    text = client.sign_in(world.police.id).page(extract_url(world)).text
    assert SENTENCE in text
    assert "Concept" not in text
    assert QUESTION in text
    assert "GGZ Delta, T. Mulder" in text
    for foreign in ("Afspraakzorg", "Zorgneutraal", "Zorgvol", "Afspraaktwee", "Kanarie"):
        assert foreign not in text


def test_a_staff_only_seat_is_not_named(world, client):
    adopt(world)
    change(Seat, world.care_seat.id, is_staff_only=True)
    assert "T. Mulder" not in client.sign_in(world.police.id).page(extract_url(world)).text


@pytest.mark.parametrize(
    ("outcome", "is_hidden"),
    [
        (CallOutcome.BY_TELEPHONE, False),
        (CallOutcome.BY_TELEPHONE, True),
        (CallOutcome.NO_ANSWER, False),
    ],
)
def test_who_took_part_by_telephone_is_there_as_the_organisation(world, client, outcome, is_hidden):
    """A name told on the telephone is one for the room."""
    with transaction() as session:
        session.query(SeatHold).filter_by(seat_id=world.care_seat.id).delete()
    desk = builders.contact(world.table, world.care_organisation, name="Balie", phone="06-1")
    tried = builders.call(world.meeting, world.care_seat, desk, world.chair)
    change(Call, tried.id, outcome=outcome)
    change(Seat, world.care_seat.id, is_staff_only=is_hidden)
    adopt(world)
    text = client.sign_in(world.police.id).page(extract_url(world)).text
    plain = client.send(f"{extract_url(world)}/download").text
    is_named = outcome is CallOutcome.BY_TELEPHONE and not is_hidden
    assert ("GGZ Delta, telefonisch" in text) is is_named
    assert ("GGZ Delta (telefonisch)" in plain) is is_named
    assert "GGZ Delta" not in text or is_named
    assert "Balie" not in text + plain


def test_who_was_replaced_by_somebody_is_not_named(world, client):
    adopt(world)
    change(Seat, world.care_seat.id, presence=PresenceState.DEPUTY)
    assert "T. Mulder" not in client.sign_in(world.police.id).page(extract_url(world)).text


def test_the_access_window_does_not_end_it(world, client, frozen_clock):
    adopt(world)
    frozen_clock.advance(timedelta(days=300))
    assert "Afspraakpolitie" in client.sign_in(world.police.id).page(extract_url(world)).text


def test_an_ended_covenant_leaves_the_neutral_text(world, client):
    from app.models import Covenant

    with transaction() as session:
        session.query(Covenant).update({"until_at": clock.now() + timedelta(seconds=1)})
    with clock.use(clock.FrozenClock(clock.now() + timedelta(days=1))):
        text = client.sign_in(world.police.id).page(extract_url(world)).text
    assert "Politieneutraal" in text
    assert "Politievol" not in text


def test_recusal_and_exclusion_take_the_item_away(world, new_client):
    adopt(world)
    builders.recusal(world.police, world.case)
    builders.exclusion(world.care, world.case, world.chair)
    new_client().sign_in(world.police.id).page(extract_url(world), status=404)
    text = new_client().sign_in(world.care.id).page(extract_url(world)).text
    assert "Afspraaktwee" in text
    assert world.case.reference not in text
    assert "Zorgneutraal" not in text
    assert "Afspraakzorg" not in text


def test_handing_over_moves_it_to_the_deputy(world, new_client):
    adopt(world)
    with transaction() as session:
        held = session.query(SeatHold).filter_by(seat_id=world.police_seat.id).one()
        held.until_at, held.ended = clock.now(), HoldEnd.HANDED_OVER
    builders.hold(world.police_seat, world.police_colleague, is_deputy=True)
    new_client().sign_in(world.police.id).page(extract_url(world), status=404)
    visitor = new_client().sign_in(world.police_colleague.id)
    assert "Afspraakpolitie" not in visitor.page(extract_url(world)).text
    builders.acceptance(world.police_colleague, world.meeting)
    assert "Afspraakpolitie" in visitor.page(extract_url(world)).text


def test_strangers_learn_nothing(world, new_client):
    adopt(world)
    change(Person, world.care.id, state=AccountState.BLOCKED)
    for who in (world.police_colleague, world.stranger, world.administrator):
        visitor = new_client().sign_in(who.id)
        visitor.page(extract_url(world), status=404)
        assert visitor.send(f"{extract_url(world)}/copy").status_code == 404
        assert visitor.send(f"{extract_url(world)}/download").status_code == 404
    answer = new_client().sign_in(world.care.id).get(extract_url(world))
    assert answer.status_code == 303


def test_before_closing_there_is_nothing_yet(world, client):
    change(Meeting, world.meeting.id, closed_at=None)
    text = client.sign_in(world.police.id).page(extract_url(world)).text
    assert "Afspraakpolitie" not in text
    assert client.send(f"{extract_url(world)}/copy").status_code == 404


def events_of(event: str, who: Person) -> list[tuple[str, uuid.UUID]]:
    from app.models import AuditEvent

    with transaction() as session:
        rows = session.query(AuditEvent).filter_by(event=event, person_id=who.id).all()
        return [(row.object_kind, row.object_id) for row in rows]


def test_every_text_read_and_every_copy_is_recorded(world, client):
    adopt(world)
    client.sign_in(world.police.id).page(extract_url(world))
    kinds = {kind for kind, _id in events_of("read", world.police)}
    assert {"decision", "action", "question"} <= kinds
    assert not events_of("copy-print-export", world.police)
    page = client.send(f"{extract_url(world)}/copy")
    assert page.status_code == 200
    assert "readonly" in page.text
    assert "Afspraakpolitie" in page.text
    assert "Afspraakzorg" not in page.text
    assert len(events_of("copy-print-export", world.police)) == 1
    assert client.get(f"{extract_url(world)}/copy").status_code == 303
    assert len(events_of("copy-print-export", world.police)) == 1


def test_the_download_is_plain_text_with_a_name_that_tells_nothing(world, client):
    adopt(world)
    answer = client.sign_in(world.police.id).send(f"{extract_url(world)}/download")
    assert answer.mimetype == "text/plain"
    assert answer.headers["Content-Disposition"] == "attachment; filename=overleg.txt"
    assert SENTENCE in answer.text
    assert "- Afspraak: Afspraakpolitie\r\n" in answer.text
    assert "Zorg" not in answer.text
    assert len(events_of("copy-print-export", world.police)) == 1


def test_staff_see_who_gets_what_and_how_much_is_left_out(world, client):
    url = f"/meetings/{world.meeting.id}/minutes"
    page = client.sign_in(world.chair.id).page(url)
    assert "A. Yilmaz" in page.text
    assert "Afspraakpolitie" not in page.text
    seen = client.page(f"{url}/{world.police_seat.id}").text
    assert "Afspraakpolitie" in seen
    assert QUESTION in seen
    assert "Afspraakzorg" not in seen
    assert events_of("read", world.chair)
    assert not events_of("read", world.police)


def test_a_blocked_account_gets_nothing_and_staff_are_told(world, client):
    change(Person, world.police.id, state=AccountState.BLOCKED)
    answer = client.sign_in(world.chair.id).get(
        f"/meetings/{world.meeting.id}/minutes/{world.police_seat.id}"
    )
    assert answer.status_code == 422
    assert "niet actief" in answer.text
    assert "Afspraakpolitie" not in answer.text


def test_the_preview_hides_what_is_barred_to_its_viewer(world, client):
    builders.exclusion(world.chair, world.case, world.coordinator)
    url = f"/meetings/{world.meeting.id}/minutes"
    page = client.sign_in(world.chair.id).page(url)
    assert world.case.reference not in page.text
    client.page(f"{url}/{world.police_seat.id}", status=404)
    seen = client.page(f"{url}/{world.second_care_seat.id}").text
    assert "Afspraaktwee" in seen
    assert "Afspraakzorg" not in seen


def test_adopting_happens_once_and_is_for_staff(world, new_client):
    url = f"/meetings/{world.meeting.id}/minutes"
    assert new_client().sign_in(world.stranger.id).send(f"{url}/adopt").status_code == 404
    assert new_client().sign_in(world.police.id).send(f"{url}/adopt").status_code == 404
    chair = new_client().sign_in(world.chair.id)
    assert chair.fill(f"{url}/adopt", action="adopt").status_code == 303
    assert "Vastgesteld" in chair.page(url).text
    assert chair.send(f"{url}/adopt").status_code == 422


def test_the_number_of_statements_does_not_grow(world, client, count_statements):
    adopt(world)
    client.sign_in(world.police.id).page(extract_url(world))
    with count_statements() as before:
        client.page(extract_url(world))
    for number in range(8):
        builders.decision(world.item, world.chair, f"Meer {number}", to=[world.police_seat])
        builders.action(
            world.item, world.police_organisation, None, world.chair, safe=f"Ook {number}"
        )
    client.page(extract_url(world))  # fixes what came to it
    with count_statements() as after:
        client.page(extract_url(world))
    assert len(after) == len(before)
    assert len(after) <= 12
