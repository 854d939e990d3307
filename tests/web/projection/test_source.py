"""The source of the room's window, read after every step of a meeting with a word in every field."""

import re
from datetime import timedelta

import pytest

from app.domain.kinds import Regime
from app.models import (
    Action,
    Case,
    CaseTable,
    Decision,
    Meeting,
    Organisation,
    Person,
    ProjectedLine,
)
from tests import builders
from tests.live import change, every
from tests.pages import Page

WORD = re.compile(r"KX[a-z]+XK")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}")
FRAME = "Projectie MDA++ Deltaland maandag 1 juni 2026, 10.00 {shown}Scherm leeg F8"


@pytest.fixture
def world(app):
    """Three items; every name, number and text says what it is."""
    made = builders.small_world(open_papers=True)
    with builders.together():
        third = builders.case(made.table, made.host, question="KXvraagdrieXK")
        builders.seat(
            builders.item(made.meeting, third, after=made.second_item, minutes=17),
            made.police_organisation, made.police,
        )  # fmt: skip
        for number, case in enumerate((made.second_case, third)):
            someone = builders.concerned(case, label=f"KXbetrokkene{'abc'[number]}XK")
            builders.section(
                case, made.types["identity"], made.host, f"Naam: KXnaam{'abc'[number]}XK",
                regime=Regime.AVG, about=someone,
            )  # fmt: skip
    people = (made.chair, made.coordinator, made.police, made.care)
    for letter, person in zip("abcd", people, strict=True):
        change(Person, person.id, name=f"KXpersoon{letter}XK")
    for letter, one in zip("ab", (made.police_organisation, made.care_organisation), strict=True):
        change(Organisation, one.id, name=f"KXorganisatie{letter}XK")
    change(Meeting, made.meeting.id, place="KXplaatsXK", link="https://kxlinkxk.example")
    change(CaseTable, made.table.id, place="KXtafelplaatsXK")
    return made


@pytest.fixture
def see(chair, world, new_client):
    """Reads the source of the paired window: exactly these words, and nothing behind them."""
    window = new_client()
    code = chair.send(f"/meetings/{world.meeting.id}/projection/code").text
    window.fill("/projection", {"code": re.search(r"data-code>([0-9A-Z ]+)<", code)[1]})

    def look(shown: str = "") -> None:
        answer = window.get("/projection/screen")
        assert answer.status_code == 200
        assert Page(answer.text).text == FRAME.format(shown=shown)
        source = f"{answer.text} {answer.headers}"
        assert set(WORD.findall(source)) == set(WORD.findall(shown))
        codes = [one.reference.rpartition("-")[2] for one in every(Case)]
        assert not [one for one in codes if one in source]
        assert not UUID.search(source)

    return look


def on_the_table(*, here: bool, sentences: str = "", until: str = "30:00 tot 10.30") -> str:
    state = "aan tafel" if here else "nog niet aanwezig"
    return f"{sentences}{until} GGZ : {state} POL : {state} Geheimhouding: 2 van 2 "


def test_it_holds_only_what_was_pushed_while_a_case_is_discussed(see, chair, world) -> None:
    see()
    send(chair, f"/meetings/{world.meeting.id}/start")
    see()
    send(chair, f"/items/{world.item.id}/open")
    see(on_the_table(here=False))
    for one in (world.police_seat, world.care_seat):
        path = f"/meetings/{world.meeting.id}/seats/{one.id}/presence"
        send(chair, path, presence="present")
    see(on_the_table(here=True))
    sheet = f"/meetings/{world.meeting.id}/live"
    seat = str(world.police_seat.id)
    dissent = {"dissent": "KXafwijkendXK", "dissent_seat": seat}
    fill(chair, sheet, "decisions", text="KXbesluitXK", **dissent)
    owner = {"holder": seat, "due_on": "03-07-2026"}
    fill(chair, sheet, "actions", safe="KXneutraalXK", full="KXvoluitXK", **owner)
    fill(chair, sheet, "notes", note="KXnotitieXK")
    send(chair, f"/items/{world.item.id}/bystanders", who="KXgastXK")
    see(on_the_table(here=True))
    (decision,), (action,) = every(Decision), every(Action)
    push(chair, f"/decisions/{decision.id}", sentence="KXgezegdXK")
    pushed = "Afspraak KXgezegdXK "
    see(on_the_table(here=True, sentences=pushed))
    push(chair, f"/actions/{action.id}")
    see(on_the_table(here=True, sentences=f"{pushed}Actie KXneutraalXK "))
    fill(chair, f"/decisions/{decision.id}/edit", text="KXandersXK")
    see(on_the_table(here=True, sentences="Actie KXneutraalXK "))
    push(chair, f"/decisions/{decision.id}")
    see(on_the_table(here=True, sentences="Actie KXneutraalXK Afspraak KXandersXK "))
    send(chair, f"/decisions/{decision.id}/delete", version="2")
    see(on_the_table(here=True, sentences="Actie KXneutraalXK "))
    (line,) = [one for one in every(ProjectedLine) if one.taken_away_at is None]
    send(chair, f"/projected/{line.id}/take-away")
    see(on_the_table(here=True))


def test_it_holds_nothing_of_a_case_that_was_finished(see, chair, world) -> None:
    first, second = world.item.id, world.second_item.id
    send(chair, f"/meetings/{world.meeting.id}/start")
    send(chair, f"/items/{first}/open")
    one = builders.decision(world.item, world.chair, "KXbesluitXK")
    push(chair, f"/decisions/{one.id}")
    see(on_the_table(here=False, sentences="Afspraak KXbesluitXK "))
    send(chair, f"/items/{first}/finish")
    see()
    fill(chair, f"/items/{first}/finished")
    see()
    send(chair, f"/items/{second}/open")
    see("20:00 tot 10.20 GGZ : nog niet aanwezig Geheimhouding: 1 van 1 ")
    send(chair, f"/meetings/{world.meeting.id}/projection/dark")
    see()
    send(chair, f"/items/{second}/finish")
    fill(chair, f"/items/{second}/finished")
    send(chair, f"/meetings/{world.meeting.id}/projection/light")
    see()
    send(chair, f"/items/{first}/open")
    see(on_the_table(here=False))
    send(chair, f"/meetings/{world.meeting.id}/close")
    with pytest.raises(AssertionError, match="303"):
        see()


def test_a_word_too_many_would_be_noticed(see, chair, world) -> None:
    send(chair, f"/meetings/{world.meeting.id}/start")
    send(chair, f"/items/{world.item.id}/open")
    change(Organisation, world.police_organisation.id, code="KXcodeXK")
    with pytest.raises(AssertionError):
        see(on_the_table(here=False))


def send(visitor, path: str, **typed: str) -> None:
    assert visitor.send(path, typed).status_code == 303, path


def push(visitor, path: str, **typed: str) -> None:
    """What was pushed before came first; the clock of the test stands still."""
    for one in every(ProjectedLine):
        change(ProjectedLine, one.id, pushed_at=one.pushed_at - timedelta(seconds=1))
    send(visitor, f"{path}/push", **typed)


def fill(visitor, path: str, action: str | None = None, **typed: str) -> None:
    assert visitor.fill(path, typed, action=action).status_code == 303, path
