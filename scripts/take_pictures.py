"""Takes the pictures of the guides anew, from a fresh demo region; it never touches other data."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright
from png_palette import with_palette

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
MOST_BYTES = 250_000
WIDTH = 1280
PHONE = 390
SECONDS_TO_START = 120
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]

CHAIR = "Marit van Deursloot"
ACTION_CHAIR = "Ineke Bosgraaf"
COORDINATOR = "Joost Veldhuizen"
PARTNER = "Sanne Terpstee"
POLICE = "Dennis Kroonveen"
ADMINISTRATOR = "Wouter Kampstra"
CONTACT = "Bas Duinkerk"


@dataclass(frozen=True, slots=True)
class Picture:
    """One file in docs/pictures: who looks, how to get there, and how high it is in pixels.

    With ``download`` it is the first sheet of the document that the button of this name gives.
    """

    name: str
    who: str
    reach: Callable[[Page], None]
    height: int = 900
    download: str = ""
    width: int = WIDTH


def go(path: str) -> Callable[[Page], None]:
    """Open a path of the application."""
    return lambda page: _settled(page.goto(path) and page)


def follow(path: str, *links: str) -> Callable[[Page], None]:
    """Open a path and follow, one after the other, the first link whose address or words fit."""

    def reach(page: Page) -> None:
        page.goto(path)
        for link in links:
            page.locator(link).first.click()
        _settled(page)

    return reach


def find(path: str, words: str, *links: str) -> Callable[[Page], None]:
    """Open a list, look for something in it and follow links from what is found."""

    def reach(page: Page) -> None:
        page.goto(path)
        page.locator("#q").fill(words)
        page.locator("form.filters button").click()
        for link in links:
            page.locator(link).first.click()
        _settled(page)

    return reach


def _settled(page: Page | None) -> None:
    if page:
        page.wait_for_load_state("networkidle")


TO_PREPARE = "main tr:has-text('MDA++'):has-text('concept') a[href^='/meetings/']"
FIRST_CASE = "#agenda a[href^='/items/']:has-text('MDA-')"
# The one nobody has decided on yet.
THIRD_CASE = f":nth-match({FIRST_CASE}, 3)"
OPEN_MEETING = "main tr:has-text('Actie-overleg') a"
PUBLISHED = "main tr:has-text('Actie-overleg'):has-text('opengesteld') a[href^='/meetings/']"
RUNNING = "main tr:has-text('Actie-overleg'):has-text('bezig') a[href^='/meetings/']"
WRITTEN_DOWN = (
    "/b Veilig Thuis spreekt vandaag met de kinderen.",
    "/a Voorwaarden bij de zitting overleggen @OM >+3d",
    "/n Op verzoek van de politie volgende keer als eerste.",
)
SENTENCES = (
    "De gemeente voert de regie tot de volgende bespreking.",
    "Het veiligheidsplan wordt deze week aangepast.",
)
CLOSED = "main tr:has-text('MDA++'):has-text('gesloten') a[href^='/meetings/']"
MDA_TABLE = "main tr:has-text('MDA++') a"


def at_the_question(page: Page) -> None:
    """Agree to confidentiality, look who is concerned, know nobody, and cover the names again."""
    follow("/", "a[href^='/my-input/']")(page)
    for button in ("Ik ga akkoord", "Toon namen", "Ik ken niemand", "Verberg namen"):
        page.get_by_role("button", name=button).last.click()
        _settled(page)


def at_the_chooser(page: Page) -> None:
    """Begin a referral and have the answers explained."""
    page.goto("/referrals/new")
    for answer in page.get_by_role("radio", name="nee").all():
        answer.check()
    page.get_by_role("radio", name="ja").nth(2).check()
    page.get_by_role("button", name="Ga verder").click()
    _settled(page)


def at_the_table(page: Page) -> None:
    """Start the meeting whose papers are open, take up its first case, write down what is said."""
    at_the_opening(page)
    for button in ("Start overleg", "Begin met bespreken"):
        pressed = page.get_by_role("button", name=button).first
        pressed.click()
        pressed.wait_for(state="detached")
        _settled(page)
    for line in WRITTEN_DOWN:
        _write(page, line)
    page.get_by_role("button", name="Zet op het scherm").first.click()
    page.get_by_role("button", name="Haal weg").wait_for()
    page.get_by_label("Wat is afgesproken?").fill("/a Contactverbod afstemmen @POL >+1w")
    page.locator("#line-reads").get_by_text("Leest als").wait_for()


def _write(page: Page, line: str) -> None:
    """Type a line and wait until it stands among what was written down."""
    field, log = page.get_by_label("Wat is afgesproken?"), page.locator("#vastgelegd li")
    before = log.count()
    field.fill(line)
    field.press("Enter")
    log.nth(before).wait_for()


def at_the_screen(page: Page) -> None:
    """Write down two sentences at the case on the table, push them and open the room's window."""
    follow("/meetings", RUNNING)(page)
    page.goto(f"{page.url}/live")
    page.get_by_role("button", name="Haal weg").click()
    for sentence in SENTENCES:
        _write(page, f"/b {sentence}")
        line = page.locator("#vastgelegd li", has_text=sentence)
        line.get_by_role("button", name="Zet op het scherm").click()
        line.get_by_role("button", name="Haal weg").wait_for()
    page.get_by_role("link", name="Projectie").click()
    here = page.locator("form[action$='/projection/here']")
    here.evaluate("(form) => form.removeAttribute('target')")
    here.get_by_role("button").click()
    page.get_by_text(SENTENCES[-1]).wait_for()


def at_the_call_sheet(page: Page) -> None:
    """Start an urgent meeting about a new case, and call the first two."""
    page.goto("/urgent")
    page.get_by_label("Bij een nieuwe casus: wie brengt in?").select_option(index=1)
    page.get_by_label("Vraag aan het overleg").fill("Wat is er vannacht nodig?")
    page.get_by_role("button", name="Start het spoedoverleg").click()
    police = page.locator(".sheet", has_text="Politie")
    police.get_by_role("button", name="Geen gehoor").first.click()
    _settled(page)
    police.evaluate("(sheet) => sheet.scrollIntoView()")
    _settled(page)


def at_the_opening(page: Page) -> None:
    """Call the roll of the meeting whose papers are open."""
    follow("/meetings", PUBLISHED)(page)
    page.goto(f"{page.url}/opening")
    for row, said in enumerate(("Op afstand, alleen", "Aanwezig", "Aanwezig", "Met bericht")):
        page.get_by_role("button", name=said, exact=True).nth(row).click()
        _settled(page)
    page.goto(page.url.split("#")[0])
    _settled(page)


def at_the_preview(page: Page) -> None:
    """Have a spreadsheet of partners looked at; nothing is loaded."""
    page.goto("/imports/partners")
    page.locator("input[type=file]").set_input_files(ROOT / "tests/data/partners.csv")
    page.get_by_role("button", name="Bekijk het bestand").click()
    _settled(page)


def at_the_changes(page: Page) -> None:
    """Change a setting of a table, and look what the history says of it."""
    follow("/admin/tables", MDA_TABLE, "a[href$='/edit']")(page)
    page.locator("input[name=minutes_per_item]").fill("45")
    page.locator("main form[method=post] button[type=submit]").first.click()
    _settled(page)
    go("/admin/history")(page)


def at_the_minutes(page: Page) -> None:
    """What each seat gets of a meeting that was closed."""
    follow("/meetings?when=past", CLOSED)(page)
    _settled(page.goto(f"{page.url}/minutes") and page)


def at_the_own_extract(page: Page) -> None:
    """What one recipient keeps of a meeting whose minutes were adopted."""
    page.goto("/my-meetings?when=past")
    links = page.locator("main a[href^='/my-meetings/']")
    paths = links.evaluate_all("(all) => all.map((one) => one.getAttribute('href'))")
    for path in paths:
        _settled(page.goto(f"{path}/extract") and page)
        if page.get_by_role("heading", name="Uw deel van het verslag").count():
            return
    sys.exit("No adopted minutes found.")


TAKEN = (
    Picture("voorbereiding", COORDINATOR, follow("/meetings", TO_PREPARE), height=1640),
    Picture(
        "casus",
        COORDINATOR,
        follow(
            "/meetings", TO_PREPARE, FIRST_CASE, "a[href^='/cases/']:has-text('Casusinformatie')"
        ),
        height=1300,
    ),
    Picture(
        "standaardrubrieken",
        COORDINATOR,
        follow("/meetings", TO_PREPARE, THIRD_CASE, "a[href$='/standard']"),
        height=1000,
    ),
    Picture("acties", COORDINATOR, go("/actions")),
    Picture("beoordelen", COORDINATOR, go("/triage"), height=1000),
    Picture("cijfers", COORDINATOR, go("/reports"), height=1100),
    Picture("aanmelden", POLICE, at_the_chooser, height=1250),
    Picture("verslag", CHAIR, at_the_minutes, height=800),
    Picture("verslag-pdf", POLICE, at_the_own_extract, download="Download als PDF"),
    Picture("start-ketenpartner", POLICE, go("/"), height=940),
    Picture("inbreng-geven", POLICE, at_the_question, height=1250),
    Picture("mijn-acties", PARTNER, go("/my-actions"), height=600),
    Picture("mijn-overleg", PARTNER, follow("/my-meetings", OPEN_MEETING), height=1300),
    Picture("passkeys", PARTNER, go("/passkeys"), height=760),
    Picture("organisaties", ADMINISTRATOR, go("/admin/organisations"), height=800),
    Picture(
        "persoon",
        ADMINISTRATOR,
        find("/admin/people", "Terpstee", "main table a:has-text('Sanne')"),
        height=1100,
    ),
    Picture("wie-werkt-er-nog", CONTACT, go("/colleagues"), height=760),
    Picture(
        "vertrek",
        ADMINISTRATOR,
        find("/admin/people", "Terpstee", "main table a:has-text('Sanne')", "a[href$='/leave']"),
        height=1250,
    ),
    Picture("inlogpagina", ADMINISTRATOR, go("/admin/providers/new"), height=1100),
    Picture("overleg-instellingen", ADMINISTRATOR, follow("/admin/tables", MDA_TABLE), height=1000),
    Picture("wijzigingen", ADMINISTRATOR, at_the_changes, height=700),
    Picture("inlezen", ADMINISTRATOR, at_the_preview, height=1000),
    Picture("opening", ACTION_CHAIR, at_the_opening, height=1250),
    # Last: it starts a meeting, and then shows it to the room.
    Picture("tijdens-overleg", ACTION_CHAIR, at_the_table, height=1250),
    Picture("projectie", ACTION_CHAIR, at_the_screen, height=720),
    # After those: it makes a meeting that is open too.
    Picture("belblad", COORDINATOR, at_the_call_sheet, height=760, width=PHONE),
)


@contextmanager
def demo_server() -> Iterator[str]:
    """A demo region in a folder of its own, served on a free port until the block ends."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        url = f"http://127.0.0.1:{port}"
        environment = os.environ | {
            "CASUSTAFEL_MODE": "demo",
            "CASUSTAFEL_INSTANCE": folder,
            "CASUSTAFEL_BASE_URL": url,
        }
        flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
        for command in (["db", "upgrade"], ["demo", "load", "--size", "region"]):
            subprocess.run([*flask, *command], cwd=ROOT, env=environment, check=True)  # noqa: S603 - our own commands
        server = subprocess.Popen(  # noqa: S603 - as above
            [*flask, "run", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for(url)
            yield url
        finally:
            server.terminate()
            server.wait()


def _wait_for(url: str) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            urlopen(f"{url}/sign-in").close()  # noqa: S310 - our own loopback address
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return


def sign_in(page: Page, name: str) -> None:
    """Press the demo button of one person; the groups may be folded."""
    page.goto("/sign-in")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    page.get_by_role("button", name=f"Inloggen als {name}").click()
    page.wait_for_load_state("networkidle")


def take(browser: Browser, url: str, picture: Picture) -> None:
    """Take one picture as its person sees it."""
    context = browser.new_context(
        base_url=url,
        viewport={"width": picture.width, "height": picture.height},
        locale="nl-NL",
        timezone_id="Europe/Amsterdam",
        device_scale_factor=1,
        reduced_motion="reduce",
    )
    page = context.new_page()
    if picture.who:
        sign_in(page, picture.who)
    picture.reach(page)
    file = PICTURES / f"{picture.name}.png"
    made = _first_sheet(page, picture.download) if picture.download else page.screenshot()
    file.write_bytes(with_palette(made))
    context.close()
    print(f"{file.relative_to(ROOT)}: {file.stat().st_size // 1000} kB")
    if file.stat().st_size > MOST_BYTES:
        sys.exit(f"{file.name} is too large: give it less height")


def _first_sheet(page: Page, button: str) -> bytes:
    """The first sheet of a document, on screen as large as on paper."""
    tool = shutil.which("pdftoppm")
    if tool is None:
        sys.exit("No pdftoppm found: install poppler-utils.")
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button).click()
    command = [tool, "-png", "-r", "96", "-singlefile", str(waiting.value.path())]
    return subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603 - found above


def main() -> None:
    """Take all pictures, or those named on the command line."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        sys.exit("No Chromium found: install it, or name it with CHROMIUM.")
    wanted = set(sys.argv[1:])
    PICTURES.mkdir(parents=True, exist_ok=True)
    with demo_server() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for picture in TAKEN:
            if not wanted or picture.name in wanted:
                take(browser, url, picture)
        browser.close()


if __name__ == "__main__":
    main()
