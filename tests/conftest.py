"""Fixtures for every test: a settled clock, two databases, the application and its visitor."""

import gc
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

if TYPE_CHECKING:
    from app.infra.clock import FrozenClock
    from tests.client import CheckingClient

ROOT = Path(__file__).resolve().parents[1]
MONDAY = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)

hypothesis_settings.register_profile(
    "slice", derandomize=True, deadline=None, max_examples=50, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
hypothesis_settings.register_profile(
    "deep", deadline=None, max_examples=2000, print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


# One in so many of the tests below asks PostgreSQL as well: they are about pages, mail and calendars.
# Where the databases lock, queue, refuse or hide rows in ways of their own, every test asks both.
OF_SO_MANY = {
    ROOT / "tests/web": 8,
    **{
        ROOT / "tests/integration" / name: 4
        for name in (
            "feeds", "reports", "series", "test_agenda_seats.py", "test_calendar_delivery.py",
            "test_chasing_worker.py", "test_chasing_year.py", "test_leak_gate.py",
            "test_mail_delivery.py", "test_mailbox_polling.py", "test_matrix.py", "test_meetings.py",
            "test_notices.py", "test_preview.py", "test_replies.py", "test_reports.py",
            "test_series_undo.py", "test_slots.py", "test_undo.py",
        )
    },
}  # fmt: skip


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--deep", action="store_true", help="the full figures (make test-deep)")
    parser.addoption(
        "--histories", type=int, default=0, help="how many in tests/model (make mutants)"
    )


def pytest_configure(config: pytest.Config) -> None:
    hypothesis_settings.load_profile("deep" if config.getoption("--deep") else "slice")
    if not hasattr(config, "workerinput"):
        _compile_stale_catalogues()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--deep"):
        return
    deep = {item for item in items if item.get_closest_marker("deep")} | set(_asked_again(items))
    config.hook.pytest_deselected(items=list(deep))
    items[:] = [item for item in items if item not in deep]


def _asked_again(items: list[pytest.Item]) -> Iterator[pytest.Item]:
    """What is asked the same once more: the full figures do, the ordinary run need not.

    SQLite gets every test: behind the second wall of PostgreSQL a fault in the first may not show.
    PostgreSQL gets one of so many, and of those asked with other words the first.
    """
    of_test: dict[tuple[Path, str], dict[str, list[pytest.Item]]] = {}
    for item in items:
        given = item.callspec.params if hasattr(item, "callspec") else {}
        if _so_many(item.path) and "database" in given:
            test = of_test.setdefault((item.path, item.originalname), {})
            test.setdefault(given["database"], []).append(item)
    for (path, name), asked in of_test.items():
        walled = asked.get("postgresql", [])
        is_asked = "sqlite" not in asked or not zlib.crc32(name.encode()) % _so_many(path)
        yield from walled[1:] if is_asked else walled


def _so_many(path: Path) -> int:
    """Of how many tests there one asks PostgreSQL; 0 where all of them do."""
    return next((OF_SO_MANY[one] for one in (path, *path.parents) if one in OF_SO_MANY), 0)


def pytest_collection_finish() -> None:
    """What was imported stays, and a test leaves little: the collector looks seldom, and not at that."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _compile_stale_catalogues() -> None:
    for source in ROOT.glob("app/translations/*/LC_MESSAGES/messages.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            command = [sys.executable, "-m", "babel.messages.frontend", "compile", "-i", source, "-o", target]  # fmt: skip
            subprocess.run(command, check=True, capture_output=True)


@pytest.fixture(scope="session")
def deep(pytestconfig: pytest.Config) -> bool:
    """Whether the full figures are asked for; use it for sizes, the marker for whole tests."""
    return pytestconfig.getoption("--deep")


@pytest.fixture(scope="session", autouse=True)
def strong_hasher():
    """The product's way to hash passwords, kept aside: hundreds of people get one hashed lightly."""
    from argon2 import PasswordHasher

    from app.features.accounts import hashing

    strong = hashing._hasher
    hashing._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    return strong


@pytest.fixture
def frozen_clock() -> Iterator["FrozenClock"]:
    """The clock of the process, standing at Monday 1 June 2026, 10.00 in Amsterdam."""
    from app.infra import clock

    with clock.use(clock.FrozenClock(MONDAY)) as frozen:
        yield frozen


@pytest.fixture(scope="session")
def worker_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("worker")


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory, worker_id: str):
    """The address of the run's PostgreSQL server; the workers of one run share it."""
    from tests import databases

    base = tmp_path_factory.getbasetemp()
    return databases.start_postgres((base if worker_id == "master" else base.parent) / "postgres")


@pytest.fixture(scope="session")
def sqlite(worker_folder: Path):
    from tests import databases

    return databases.SqliteDatabase(worker_folder)


@pytest.fixture(scope="session")
def postgresql(postgres_server, worker_id: str):
    from tests import databases

    made = databases.PostgresDatabase(postgres_server, f"casustafel_{worker_id}")
    yield made
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest):
    """An empty database with the schema; a test that asks for it runs on both kinds."""
    chosen = request.getfixturevalue(request.param)
    chosen.empty()
    return chosen


@pytest.fixture
def database_url(database) -> str:
    return database.url


@pytest.fixture(scope="session")
def key_file(worker_folder: Path) -> Path:
    from app.infra import crypto

    path = worker_folder / "test.key"
    crypto.write_key_file(path)
    return path


@pytest.fixture
def settings(database, key_file: Path, worker_folder: Path):
    """Settings of a test installation on the database of this test; mail goes to a folder."""
    from config import Mode, Settings

    folder = worker_folder / "mail"
    folder.mkdir(exist_ok=True)
    for mail in folder.iterdir():
        mail.unlink()
    return Settings(
        mode=Mode.TEST,
        secret_key="t" * 48,
        database_url=database.url,
        key_store_url=database.key_store_url,
        key_file=key_file,
        base_url="https://casustafel.test",
        mail_from="overleg@casustafel.example",
        mail_folder=folder,
        send_delay_seconds=0,
        instance=worker_folder,
    )


@pytest.fixture(scope="session")
def applications() -> dict:
    """One application per worker and database kind: making one is slow, and it keeps no state."""
    return {}


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory, worker_id: str):
    """Where the applications of all workers find a template that one of them compiled."""
    from jinja2 import FileSystemBytecodeCache

    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "templates"
    folder.mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


@pytest.fixture
def app(database, settings, frozen_clock, applications: dict, compiled_templates):
    """The application on this test's database, with an app context for calling services."""
    from app import create_app
    from app.infra import calendar_queue, letters, wall
    from app.infra.db import db
    from tests import databases

    made = applications.get(settings.database_url)
    if made is None:
        made = applications[settings.database_url] = create_app(settings)
        made.jinja_env.bytecode_cache = compiled_templates
    database.open_keys(settings.key_file)
    letters.set_up(settings)
    calendar_queue.set_up(settings)
    with made.app_context(), wall.acting_as(databases.TEST):
        yield made
        database.let_go(db.engine)


@pytest.fixture
def new_client(app) -> Callable[[], "CheckingClient"]:
    """Makes visitors: each its own cookies, each checking every page it gets."""
    from tests.client import CheckingClient

    app.test_client_class = CheckingClient
    return app.test_client


@pytest.fixture
def client(new_client) -> "CheckingClient":
    return new_client()


@pytest.fixture
def count_statements():
    """Give a context manager that collects the SQL sent inside it."""
    from tests.statements import counted

    return counted


@pytest.fixture
def mails(settings) -> Callable[..., tuple]:
    """``mails()`` or ``mails(recipient="…")``: what was sent, newest first."""
    from app.infra import mailbox

    return lambda **which: mailbox.read_folder(settings.mail_folder, **which)
