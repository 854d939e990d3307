"""Every page there is, light and dark, wide and narrow: axe finds nothing, nothing scrolls sideways."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, Response, expect
from sqlalchemy import update

from app.infra import calendar_queue, clock
from app.infra.db import transaction
from app.models import WebSession
from app.web import sessions
from config import Mode
from tests import scenes
from tests.browser import views
from tests.looks import VISITS, Look, Visit
from tests.scenes import Scene

ROOT = Path(__file__).resolve().parents[2]
STAGES = {"half way": sessions.STAGE_PASSWORD, "enrolling": sessions.STAGE_ENROL}
# Empties the largest form of the page, puts these values in, and sends it as its own button would;
# one that a script sends by itself goes as it does without that script.
SEND = """(fill) => {
  const forms = [...document.querySelectorAll("main form[method=post]:not([data-passkey])")];
  const form = forms.sort((one, other) => other.elements.length - one.elements.length)[0];
  for (const field of form.elements) {
    if (field.type === "radio" || field.type === "checkbox") field.checked = false;
    else if (field.name in fill) field.value = fill[field.name];
    else if (field.type !== "hidden" && "value" in field && field.tagName !== "BUTTON") field.value = "";
  }
  "acute" in form.dataset ? form.submit() : form.requestSubmit();
}"""


@pytest.fixture
def scene(live_server, mails, monkeypatch) -> Callable[[str], Scene]:
    """``scene("open")`` makes the table at that moment; ``demo`` puts the demo's parts on pages."""

    def make(at: str) -> Scene:
        if at == "demo":
            settings = live_server.app.config["SETTINGS"]
            monkeypatch.setitem(
                live_server.app.config, "SETTINGS", replace(settings, mode=Mode.DEMO)
            )
        return scenes.build(at, mails)

    return make


def by_person() -> list[Visit]:
    """Everything one person looks at at one moment: setting the scene costs more than a page."""
    looks: dict[tuple[str, str], tuple[Look, ...]] = {}
    for one in VISITS:
        looks[one.at, one.who] = (*looks.get((one.at, one.who), ()), *one.pages)
    return [Visit(at, who, pages) for (at, who), pages in looks.items()]


@pytest.mark.parametrize("shown", by_person(), ids=lambda one: f"{one.at}, {one.who}")
def test_pages(shown: Visit, scene, visit, live_server) -> None:
    made = scene(shown.at)
    visitor = visit(made.people.get(shown.who), stage=STAGES.get(shown.who, sessions.STAGE_FULL))
    if shown.who == "officer":
        prove(live_server.app, made.people[shown.who])
    wrong = [fault for look in shown.pages for fault in faults_of(visitor, look, made)]
    assert not wrong, "\n\n".join(wrong)


def prove(app, person_id) -> None:
    """Some forms of an officer show only to who just proved to be there."""
    with app.app_context(), transaction() as session:
        session.execute(
            update(WebSession)
            .where(WebSession.person_id == person_id)
            .values(proved_at=clock.now(), proof_is_unused=True)
        )


def faults_of(visitor, look: Look, made: Scene) -> list[str]:
    path = look.path(made.things)
    answer = visitor.page.goto(visitor.url + path)
    if look.fill is not None:
        answer = send(visitor.page, look.fill)
    if answer.status != look.status:
        return [f"{path} answers {answer.status}, not {look.status}"]
    shown = views.of_page(look.address, comes_back=look.fill is not None)
    told = look.status != 422 or tells_what_is_wrong(visitor.page)
    return visitor.faults(shown) if told else [f"{path} does not begin with what is wrong"]


def send(page: Page, fill: Mapping[str, str]) -> Response:
    with page.expect_navigation() as sent:
        page.evaluate(SEND, dict(fill))
    return sent.value


def tells_what_is_wrong(page: Page) -> bool:
    """A form that comes back says so in its title and has the focus where it says why."""
    on_summary = page.evaluate("document.activeElement.matches('[data-errors]')")
    return on_summary and page.title().startswith("Fout: ")


def test_imports_to_the_end(scene, visit) -> None:
    """The looked-at file and the lists after loading it; nothing is kept between."""
    made = scene("open")
    for who, kind in (("administrator", "partners"), ("coordinator", "cases")):
        visitor = visit(made.people[who])
        page = visitor.go(f"/imports/{kind}")
        page.locator("input[type=file]").set_input_files(ROOT / f"tests/data/{kind}.csv")
        page.get_by_role("button", name="Bekijk het bestand").click()
        expect(page.get_by_role("heading", name="Wat er gebeurt")).to_be_visible()
        visitor.assert_accessible()


def test_names_before_the_first_content(scene, visit) -> None:
    """The names are shown by an act only."""
    made = scene("asking")
    visitor = visit(made.people["police"])
    page = visitor.go(f"/my-seats/{made.things['police_seat']}/acquaintances")
    page.get_by_role("main").get_by_role("button", name="Toon namen").click()
    expect(page.get_by_text("Kanarienaam").first).to_be_visible()
    visitor.assert_accessible()


def test_messages_that_wait(scene, visit, monkeypatch) -> None:
    """After an act the page offers to take it back."""
    made = scene("draft")
    monkeypatch.setattr(calendar_queue._Waiting, "delay", timedelta(seconds=30))
    visitor = visit(made.people["coordinator"])
    page = visitor.go(f"/meetings/{made.things['meeting']}/invitations")
    page.get_by_role("button", name="Nodig").first.click()
    expect(page.get_by_role("button", name="Ongedaan maken")).to_be_visible()
    visitor.assert_accessible()


def test_recovery_codes(scene, visit, live_server) -> None:
    from app.domain import totp
    from app.features.accounts.sign_in import enrolment_of

    made = scene("draft")
    visitor = visit(made.people["enrolling"], stage=sessions.STAGE_ENROL)
    page = visitor.go("/sign-in/enrol")
    secret = enrolment_of(made.people["enrolling"]).secret
    page.get_by_label("Code uit uw app").fill(totp.code_at(secret, totp.step_at(clock.now())))
    page.get_by_role("main").get_by_role("button").first.click()
    page.wait_for_load_state()
    visitor.assert_accessible()


REFUSALS = {
    403: "Dit kunt u hier niet doen",
    404: "Niet gevonden of geen toegang",
    500: "Er ging iets mis",
}


@pytest.mark.parametrize("code", REFUSALS)
def test_answers_that_are_no_page(code: int, scene, visit, live_server, monkeypatch) -> None:
    from app.domain.errors import NotPermitted, NotVisible

    faults = {403: NotPermitted, 404: NotVisible, 500: RuntimeError}

    def fail(_template: str) -> str:
        raise faults[code]

    monkeypatch.setitem(live_server.app.config, "PROPAGATE_FAULTS", False)
    monkeypatch.setattr("app.features.home.views.render_template", fail)
    made = scene("open")
    visitor = visit(made.people["police"])
    answer = visitor.page.goto(f"{visitor.url}/keys")
    assert answer is not None
    assert answer.status == code
    assert re.search(REFUSALS[code], visitor.page.title())
    visitor.assert_accessible()
    if code == 500:
        visitor.complaints.clear()


def test_only_the_tokens_know_the_colour_scheme() -> None:
    """Why dark pages are asked about their colours alone: nothing else differs."""
    knowing = [
        file.name
        for file in sorted((ROOT / "static/css").glob("*.css"))
        if "prefers-color-scheme" in file.read_text() or 'data-thema="donker"' in file.read_text()
    ]
    assert knowing == ["print.css", "tokens.css"]
