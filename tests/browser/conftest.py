"""A real Chromium against a real server on the loopback address; any CSP violation fails."""

import os
import shutil
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    Request,
    sync_playwright,
)
from werkzeug.serving import BaseWSGIServer, make_server

from app import create_app
from app.infra.db import db, transaction
from app.web import sessions
from tests.browser import views
from tests.browser.views import WIDE_AND_LIGHT, View

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
    # Nothing outside this machine has a name here; passkeys know a name, and no number.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]  # fmt: skip
# From the server, as a file of its own: Chromium then keeps it as it has read it, for the next page.
AXE, AXE_AT = Axe().axe_script.encode(), "/axe.js"
BRING_AXE = """(at) => window.axe || new Promise((done) => { const one = document.createElement("script");
  one.src = at; one.onload = () => { one.remove(); done(); }; document.head.append(one); })"""
NARROWEST = 320
USUAL = {"width": 1280, "height": 900}
# Only what is wrong comes back: the list of all that is right is long, and nobody reads it.
RUN_AXE = "async (options) => ({ violations: (await axe.run(options)).violations })"
IDS_TWICE = """() => { const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  return ids.filter((id, at) => ids.indexOf(id) !== at); }"""
# The reader's own spacing (1.4.12 of WCAG); gives how far the page then scrolls sideways.
SPACED = """(on) => { const sheet = new CSSStyleSheet();
  if (on) sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: 0.12em !important;" +
    " word-spacing: 0.16em !important } p { margin-bottom: 2em !important }");
  document.adoptedStyleSheets = [sheet];
  return document.documentElement.scrollWidth - innerWidth; }"""
NO_CHROMIUM = "no Chromium found: install Debian's chromium package to run the browser tests"
# Who leaves a page while its scripts still come in makes the test server drop the open file.
BROKEN_OFF = "ignore:Exception ignored in. <_io.FileIO name='.*/static/:pytest.PytestUnraisableExceptionWarning"  # fmt: skip
# Ended, not waited for: a window behind another draws no frames, and its colours would fade for ever.
SETTLED = "document.getAnimations().forEach((one) => one.finish())"
WATCH_POLICY = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error("CSP: " + event.violatedDirective + " " + event.blockedURI));"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.filterwarnings(BROKEN_OFF))


def pytest_configure(config: pytest.Config) -> None:
    views.are_all = config.getoption("--deep")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    """Gather all browser tests skipped for want of Chromium into one line of the summary."""
    report = yield
    if report.skipped and NO_CHROMIUM in str(report.longrepr):
        report.longrepr = (str(Path(__file__).parent), 0, NO_CHROMIUM)
    return report


@dataclass(slots=True)
class LiveServer:
    """The application as a browser reaches it."""

    app: Flask
    server: BaseWSGIServer
    url: str


@dataclass(slots=True)
class Visitor:
    """One person's browser window, with everything it complained about."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)
    documents: set[str] = field(default_factory=set)

    def go(self, path: str) -> Page:
        """Open a path of the application."""
        self.page.goto(self.url + path)
        return self.page

    def assert_content(self) -> None:
        """The browser had nothing to complain about since the start."""
        assert not self.complaints, "\n".join(self.complaints)

    def assert_accessible(self) -> None:
        """Axe finds nothing, wide and narrow, light and dark; nothing scrolls sideways at 320."""
        found = self.faults()
        assert not found, "\n".join(found)

    def faults(self, shown: Sequence[View] = WIDE_AND_LIGHT) -> list[str]:
        """What is wrong with the page as it stands."""
        found = []
        self.page.evaluate(BRING_AXE, AXE_AT)
        for width, scheme, options in shown:
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.emulate_media(color_scheme=scheme)
            # Colours fade from one scheme into the other; halfway is nobody's page.
            self.page.evaluate(SETTLED)
            axe = AxeResults(self.page.evaluate(RUN_AXE, options))
            if axe.violations_count:
                found.append(f"{self.page.url} at {width} px, {scheme}:\n{axe.generate_report()}")
        if twice := self.page.evaluate(IDS_TWICE):
            found.append(f"{self.page.url} has two of {twice}")
        self.page.set_viewport_size({"width": NARROWEST, "height": 900})
        for spaced, how in ((True, " with wide text"), (False, "")):
            wide = self.page.evaluate(SPACED, spaced)
            if wide > 0:
                found.append(
                    f"{self.page.url} scrolls sideways by {wide} px at {NARROWEST} px{how}"
                )
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size(USUAL)
        return found

    def leave(self) -> None:
        """As a window nobody was in: signed out, nothing open, as wide and light as usual."""
        self.page.goto("about:blank")
        self.page.set_viewport_size(USUAL)
        self.page.emulate_media(media="null", color_scheme="light")
        self.page.context.clear_cookies()
        self.page.mouse.move(0, 0)
        self.documents.clear()

    def keeps_time(self) -> bool:
        """Nobody took the clock of the window; such a clock cannot be given back."""
        return self.page.evaluate("/native code/.test(String(Date))")


@pytest.fixture
def database(sqlite):
    """One kind of database: what lies under these pages is tested on both."""
    sqlite.empty()
    return sqlite


@pytest.fixture(scope="session", autouse=True)
def clicks_wait() -> Iterator[None]:
    """A click that leads elsewhere is over once the page there has been read to its end.

    Playwright itself waits only for its first byte, and a question asked at once (how many, what
    text, how wide) would then be asked of half a page.
    """
    click = Locator.click

    def click_and_read(locator: Locator, **options) -> None:
        click(locator, **options)
        if not locator.page.is_closed():
            locator.page.wait_for_load_state("domcontentloaded")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Locator, "click", click_and_read)
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(NO_CHROMIUM)
        pytest.skip(NO_CHROMIUM)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def live_servers() -> Iterator[dict[str, LiveServer]]:
    """One server per worker and database kind, on a free port."""
    running: dict[str, LiveServer] = {}
    yield running
    for live in running.values():
        live.server.shutdown()


@pytest.fixture
def live_server(
    database, settings, frozen_clock, live_servers: dict[str, LiveServer], compiled_templates
) -> Iterator[LiveServer]:
    live = live_servers.get(settings.database_url)
    if live is None:
        live = live_servers[settings.database_url] = _serve(settings)
        live.app.jinja_env.bytecode_cache = compiled_templates
    database.open_keys(settings.key_file)
    with live.app.app_context():
        # Whoever asked last may have come after the end, and hold the database of before.
        database.let_go(db.engine)
        yield live
        database.let_go(db.engine)


def _serve(settings) -> LiveServer:
    server = make_server("127.0.0.1", 0, Flask("not yet"), threaded=True)
    url = f"http://127.0.0.1:{server.port}"
    app = create_app(replace(settings, base_url=url))
    # The files of the house are asked for once by each window, not once a page.
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3600
    server.app = _beside_axe(app)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return LiveServer(app=app, server=server, url=url)


def _beside_axe(app: Flask) -> Callable[..., Iterable[bytes]]:
    def answer(environ: dict, start_response: Callable[..., object]) -> Iterable[bytes]:
        if environ["PATH_INFO"] != AXE_AT:
            return app(environ, start_response)
        headers = [("Content-Type", "text/javascript"), ("Cache-Control", "max-age=3600")]
        start_response("200 OK", [*headers, ("Content-Length", str(len(AXE)))])
        return [AXE]

    return answer


@pytest.fixture(scope="session")
def left_windows() -> list[Visitor]:
    """Windows whose test is over: Chromium takes longer to open one than to show a page in it."""
    return []


@pytest.fixture
def visit(
    browser: Browser, live_server: LiveServer, left_windows: list[Visitor]
) -> Iterator[Callable[..., Visitor]]:
    """``visit(person_id)`` gives a window signed in as that person; ``visit()`` a stranger's."""
    visitors: list[Visitor] = []

    def take_window(
        person_id: uuid.UUID | None = None, *, stage: str = sessions.STAGE_FULL
    ) -> Visitor:
        visitor = left_windows.pop() if left_windows else _open_window(browser, live_server.url)
        visitors.append(visitor)
        if person_id is not None:
            visitor.page.context.add_cookies([_session_cookie(live_server, person_id, stage)])
        return visitor

    yield take_window
    for visitor in visitors:
        visitor.leave()
    for visitor in visitors:
        visitor.assert_content()
    for visitor in visitors:
        if visitor.keeps_time():
            left_windows.append(visitor)
        else:
            visitor.page.context.close()


def _open_window(browser: Browser, url: str) -> Visitor:
    context = browser.new_context(viewport=USUAL, locale="nl-NL")
    context.set_default_timeout(10_000)
    visitor = Visitor(page=context.new_page(), url=url)
    _listen(context, visitor)
    return visitor


def _session_cookie(live: LiveServer, person_id: uuid.UUID, stage: str) -> dict[str, str]:
    with live.app.app_context(), transaction() as session:
        token = sessions.start(session, person_id, stage=stage, address="127.0.0.1", agent="test")
        return {"name": sessions.cookie_name(), "value": token, "url": live.url}


def _listen(context: BrowserContext, visitor: Visitor) -> None:
    def only_ours(request: Request) -> None:
        if not request.url.startswith((visitor.url, "data:", "blob:")):
            visitor.complaints.append(f"asked for {request.url}")

    def note_document(response) -> None:
        if response.request.is_navigation_request():
            visitor.documents.add(response.url)

    def note_console(message) -> None:
        # Chromium calls a page that answers 4xx an error; to us it is an answer.
        refused = message.text.startswith("Failed to load resource: the server responded with a status of 4")  # fmt: skip
        if message.type == "error" and not (
            refused and message.location["url"].partition("#")[0] in visitor.documents
        ):
            visitor.complaints.append(f"{visitor.page.url}: {message.text}")

    context.add_init_script(WATCH_POLICY)
    # Listened to, not held up: with routes Chromium fetches every file anew for every page.
    context.on("request", only_ours)
    visitor.page.on("response", note_document)
    visitor.page.on("console", note_console)
    visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
