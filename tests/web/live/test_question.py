"""What was asked of the table at an item stays as it read there, whatever is asked afterwards."""

import pytest

from app.access.disclosure import question_binding
from app.access.lifecycle import access_request_texts
from app.access.records.new_cases import sealed_question
from app.domain.kinds import PartKind
from app.features.live.service import close_meeting
from app.infra import crypto, wall
from app.infra.crypto import Sealed
from app.infra.db import transaction
from app.models import AccessRequest, Case, ItemQuestion
from tests.builders import QUESTION
from tests.live import change, every, live_url
from tests.minutes import adopt, extract_url
from tests.seats import actor_of

OTHER = "Wat doen we een volgende keer?"


@pytest.fixture
def asked_anew(running, chair):
    """The first item was discussed, the second never came to it; then something else is asked."""
    assert chair.send(f"/items/{running.item.id}/open").status_code == 303
    assert chair.fill(live_url(running), action="finish").status_code == 303
    ask(running.case)
    return running


def ask(case: Case, question: str = OTHER) -> None:
    change(Case, case.id, question_ct=sealed_question(case.id, question))


def test_a_finished_item_keeps_its_question_in_the_window_and_on_the_worksheet(
    asked_anew, chair, new_client
):
    worksheet = chair.page(live_url(asked_anew, asked_anew.item)).text
    assert QUESTION in worksheet
    assert OTHER not in worksheet
    police = new_client().sign_in(asked_anew.police.id)
    for place in ("", "/live"):
        own = police.page(f"/my-meetings/{asked_anew.meeting.id}{place}").text
        assert QUESTION in own
        assert OTHER not in own


def test_the_extract_holds_what_was_asked_when_the_meeting_was(asked_anew, new_client):
    with wall.acting_as(asked_anew.chair.id):
        close_meeting(actor_of(asked_anew.chair), asked_anew.meeting.id)
    ask(asked_anew.second_case)
    adopt(asked_anew)
    care = new_client().sign_in(asked_anew.care.id)
    text = care.page(extract_url(asked_anew)).text
    assert text.count(QUESTION) == 2, "also of the item nobody came to"
    assert OTHER not in text


def test_taken_up_again_it_is_asked_what_is_asked_now(asked_anew, chair):
    assert chair.send(f"/items/{asked_anew.item.id}/open").status_code == 303
    assert OTHER in chair.page(live_url(asked_anew, asked_anew.item)).text
    assert chair.fill(live_url(asked_anew), action="finish").status_code == 303
    [kept] = every(ItemQuestion)
    sealed = Sealed(kept.question_ct, question_binding(asked_anew.case.id))
    assert crypto.unseal(sealed) == OTHER


def test_who_asks_for_access_gets_both_questions(asked_anew):
    chair = actor_of(asked_anew.chair)
    with wall.acting_as(chair.person_id), transaction() as session:
        case = session.get_one(Case, asked_anew.case.id)
        asked = AccessRequest(person_concerned_id=None)
        items = access_request_texts.items_of(session, chair, asked, case)
    texts = [one.text for one in items if one.kind is PartKind.QUESTION]
    assert crypto.unseal_many(texts) == [OTHER, QUESTION]
