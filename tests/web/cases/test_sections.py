"""Sections of a case: written, edited by two at once, opened to nobody by themselves."""

import pytest

from app.infra import clock
from app.infra.db import transaction
from app.models import (
    Disclosure,
)
from tests import builders


def test_a_new_section_is_open_to_nobody_yet(staff, world):
    answer = staff.fill(
        f"/cases/{world.case.id}/sections/new",
        {
            "kind": str(world.types["children"].id),
            "source": str(world.host.id),
            "text": "Een nieuwe rubriek",
        },
    )
    assert answer.status_code == 303
    assert "Een nieuwe rubriek" in staff.page(answer.location).text


def test_editing_a_disclosed_section_shows_its_readers_and_asks(staff, world):
    path = f"/cases/{world.case.id}/sections/{world.sections['reason'].id}"
    assert "zichtbaar voor 2 organisaties: GGZ Delta, Politie" in staff.page(path).text
    refused = staff.fill(path, {"text": "Veranderd"})
    assert refused.status_code == 422
    assert "Bevestig" in refused.text
    assert staff.fill(path, {"text": "Veranderd", "confirmed": "y"}).status_code == 303
    assert "Veranderd" in staff.page(f"/cases/{world.case.id}").text


@pytest.mark.parametrize("change", [{"text": "Nieuw"}, {"regime": "wpg"}])
def test_only_the_source_frees_a_section_and_what_it_did_not_see_asks_it_again(
    staff, world, change
):
    given = builders.disclosure(
        world.police_seat,
        world.sections["health"],
        world.coordinator,
        source_decided_at=clock.now(),
    )
    path = f"/cases/{world.case.id}/sections/{world.sections['health'].id}"
    refused = staff.fill(path, {"regime": "avg", "confirmed": "y"})
    assert refused.status_code == 422
    assert "Alleen de bronorganisatie" in refused.text
    with transaction() as session:
        assert session.get(Disclosure, given.id).source_decided_at is not None
    assert staff.fill(path, change | {"confirmed": "y"}).status_code == 303
    with transaction() as session:
        assert session.get(Disclosure, given.id).source_decided_at is None


def test_a_stale_edit_shows_both_versions(staff, new_client, world):
    path = f"/cases/{world.case.id}/sections/{world.sections['children'].id}"
    mine = staff.page(path).form().filled({"text": "Mijn tekst"})
    other = new_client().sign_in(world.chair.id)
    assert other.fill(path, {"text": "Hun tekst"}).status_code == 303
    answer = staff.send(path, mine)
    assert answer.status_code == 409
    assert "Hun tekst" in answer.text
    assert "Mijn tekst" in answer.text
    again = staff.last.form("")
    assert again is not None


def test_a_stale_question_shows_both_versions(staff, new_client, world):
    path = f"/cases/{world.case.id}/question"
    mine = staff.page(path).form().filled({"question": "Mijn vraag"})
    other = new_client().sign_in(world.chair.id)
    assert other.fill(path, {"question": "Hun vraag"}).status_code == 303
    answer = staff.send(path, mine)
    assert answer.status_code == 409
    assert "Hun vraag" in answer.text
    assert "Mijn vraag" in answer.text


def test_a_section_of_another_case_is_not_found_under_this_one(staff, world):
    path = f"/cases/{world.second_case.id}/sections/{world.sections['reason'].id}"
    assert staff.get(path).status_code == 404


def test_a_megabyte_of_text_is_refused_politely(staff, world):
    answer = staff.fill(f"/cases/{world.case.id}/question", {"question": "x" * 1_000_000})
    assert answer.status_code == 422
    assert "hoogstens" in answer.text
