"""Sentences on the screen: pushed one by one, never one that names somebody, gone when changed."""

from datetime import timedelta

import pytest

from app.domain.kinds import Regime, TaskKind
from app.infra import clock
from app.models import Action, AgendaItem, Decision, Meeting, ProjectedLine, RoomScreen
from tests import builders
from tests.live import change, every, live_url, stored

SENTENCE = "De gemeente voert de regie tot de volgende bespreking."


@pytest.fixture
def decision(world) -> Decision:
    return builders.decision(world.item, world.chair, SENTENCE, to=[world.police_seat])


@pytest.fixture
def action(world) -> Action:
    return builders.action(
        world.item, world.police_organisation, world.police, world.chair,
        safe="Sleutel laten vervangen", full="KXvoluitXK",
    )  # fmt: skip


def push(visitor, one, **typed):
    kind = "decisions" if isinstance(one, Decision) else "actions"
    return visitor.send(f"/{kind}/{one.id}/push", typed)


def shown(window) -> str:
    return window.page("/projection/screen").text


def test_a_sentence_shows_once_pushed_and_until_taken_away(
    room, chair, decision, action, frozen_clock
) -> None:
    assert SENTENCE not in shown(room)
    assert "/live?item=" in push(chair, decision).headers["Location"]
    frozen_clock.advance(timedelta(seconds=1))
    assert push(chair, action).status_code == 303
    text = shown(room)
    assert text.index(SENTENCE) < text.index("Sleutel laten vervangen")
    assert "KXvoluitXK" not in text
    first = every(ProjectedLine)[0]
    assert SENTENCE.encode() not in first.text_ct
    assert chair.send(f"/projected/{first.id}/take-away").status_code == 303
    text = shown(room)
    assert SENTENCE not in text
    assert "Sleutel laten vervangen" in text


def test_pushed_again_it_stands_there_once(room, chair, decision) -> None:
    push(chair, decision)
    push(chair, decision, sentence="De regie ligt bij de gemeente.")
    text = shown(room)
    assert SENTENCE not in text
    assert text.count("De regie ligt bij de gemeente.") == 1


@pytest.mark.parametrize("named", ["Vries", "{reference}", "Yilmaz", "Graaf", "{second}"])
def test_a_sentence_that_names_somebody_is_refused(room, chair, world, decision, named) -> None:
    """Of any case of the meeting, and professionals; staff see which words."""
    builders.section(
        world.case, world.types["identity"], world.police_organisation,
        "Naam: J. de Vries", regime=Regime.AVG, about=world.concerned,
    )  # fmt: skip
    word = named.format(reference=world.case.reference, second=world.second_case.reference)
    answer = push(chair, decision, sentence=f"Dit gaat over {word}, zo is afgesproken.")
    assert answer.status_code == 422
    assert f"Gevonden: {word}." in answer.text
    assert every(ProjectedLine) == []
    path = f"/decisions/{decision.id}/push"
    assert chair.fill(path, {"sentence": "Zo is afgesproken."}).status_code == 303
    assert "Zo is afgesproken." in shown(room)


@pytest.mark.parametrize(
    "named",
    [
        "MDA-4DK7P",
        "eld 4dk7p",
        "06-12345678",
        "020 123 45 67",
        "iemand@post.example",
        "Wimpelman",
        "Zonderland",
        "Dorrepaal",
        "Kustmeldkamer",
    ],
)
def test_what_looks_like_a_case_a_number_or_somebody_else_there_is_refused(
    chair, world, decision, named
) -> None:
    """A case elsewhere is one too; and a guest, a bystander and whom one calls are somebody."""
    builders.table("Elders", "ELD")
    for name, kind in (("W. Wimpelman", TaskKind.GUEST), ("Z. Zonderland", TaskKind.SECRETARY)):
        who = builders.person(world.care_organisation, name)
        builders.task(who, world.case, world.chair, kind=kind, item_id=world.item.id)
    builders.bystander(world.item, world.case, "D. Dorrepaal", world.chair)
    builders.contact(
        world.table, world.police_organisation, name="Kustmeldkamer", phone="06 87654321"
    )
    answer = push(chair, decision, sentence=f"Bel {named} op 3 juli.")
    assert answer.status_code == 422
    assert f"Gevonden: {named}." in answer.text
    assert push(chair, decision, sentence="Bel op 3 juli om 13.10.").status_code == 303


def test_what_is_changed_or_taken_back_leaves_the_screen(room, chair, decision, action) -> None:
    for one, act in (
        (decision, lambda: chair.fill(f"/decisions/{decision.id}/edit", {"text": "Anders"})),
        (decision, lambda: chair.send(f"/decisions/{decision.id}/delete", {"version": "2"})),
        (action, lambda: chair.fill(f"/actions/{action.id}/words", {"safe": "Anders"})),
        (action, lambda: chair.send(f"/actions/{action.id}/drop", {"version": "2"})),
    ):
        assert push(chair, one).status_code == 303
        assert "pushed" in room.page("/projection/screen").html
        assert act().status_code == 303
        assert "pushed" not in room.page("/projection/screen").html


def test_only_what_is_on_the_table_can_be_pushed(chair, world, decision) -> None:
    change(AgendaItem, world.item.id, closed_at=clock.now())
    assert push(chair, decision).status_code == 422
    assert every(ProjectedLine) == []


def test_others_neither_push_nor_take_away(chair, world, decision, action, new_client) -> None:
    push(chair, decision)
    (line,) = every(ProjectedLine)
    builders.exclusion(world.coordinator, world.case, world.chair)
    for person in (world.police, world.stranger, world.administrator, world.coordinator):
        other = new_client().sign_in(person.id)
        assert push(other, decision).status_code == 404
        assert push(other, action).status_code == 404
        assert other.send(f"/projected/{line.id}/take-away").status_code == 404
    assert stored(ProjectedLine, line.id).taken_away_at is None


def test_darkening_comes_back_to_the_item_the_worksheet_shows(chair, world) -> None:
    """Not to the one on the table: what is typed there would go to another case."""
    for action in ("/projection/dark", "/projection/light"):
        answer = chair.fill(live_url(world, world.second_item), action=action)
        assert answer.location.endswith(live_url(world, world.second_item))


def test_every_page_of_a_running_meeting_darkens_the_room(chair, world, decision, action) -> None:
    """In a window of its own: what was typed on the page stays. Afterwards there is no room."""
    edits = (f"/decisions/{decision.id}/edit", f"/actions/{action.id}/words")
    late = builders.bystander(world.item, world.case, "M. Extern", world.chair)
    pages = (
        f"/decisions/{decision.id}/push",
        f"/items/{world.second_item.id}/leavers",
        f"/meetings/{world.meeting.id}/opening",
        f"/bystanders/{late.id}/admit",
    )
    for path in (*edits, *pages):
        page = chair.page(path)
        form = page.form("/projection/dark")
        assert page.html.count("data-f8") == 1, path
        assert 'target="_blank"' in page.html
        change(RoomScreen, world.meeting.id, is_blank=False)
        assert chair.send(form.action, form.filled({})).status_code == 303
        assert stored(RoomScreen, world.meeting.id).is_blank
    change(Meeting, world.meeting.id, closed_at=clock.now())
    for path in edits:
        assert "data-f8" not in chair.page(path).html


def test_a_dark_screen_comes_back_with_what_was_on_it(room, chair, world, decision) -> None:
    push(chair, decision)
    path = f"/meetings/{world.meeting.id}/projection"
    chair.send(f"{path}/dark")
    assert "data-shown" not in room.page("/projection/screen").html
    chair.send(f"{path}/light")
    assert SENTENCE in shown(room)
    assert room.fill("/projection/screen", action="/projection/dark").status_code == 303
    assert stored(RoomScreen, world.meeting.id).is_blank
    assert "data-shown" not in room.page("/projection/screen").html
