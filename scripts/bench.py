"""Measures the main pages in a small and a large region, on both databases, side by side.

Makes everything it needs in a temporary folder and throws it away; it never touches other data.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app import create_app
from app.features.demo import service as demo
from app.infra import clock, crypto, wall
from app.infra.db import db
from config import Mode, Settings
from tests import databases
from tests.measuring.laps import Lane, at_once, in_turns
from tests.measuring.pages import PAGES, Page, Visit, set_going, visit_all
from tests.measuring.table import Row, Timed, written
from tests.serving import WORKERS, Serving

KINDS = ("sqlite", "postgresql")
BARE = "tests.measuring.bare:app"
SMALL, STRESS = demo.Size.SMALL, demo.Size.STRESS


@dataclass(frozen=True, slots=True)
class Effort:
    """How long is measured: turns per page and their seconds, and seconds of four at once."""

    laps: int
    at_most: float
    rush: float


THOROUGH, QUICK = Effort(60, 12, 1.5), Effort(5, 2, 0.2)


@dataclass(frozen=True, slots=True)
class Region:
    """One size of the demo region, being served."""

    port: int
    visits: Mapping[str, Visit]

    def lane(self, page: Page) -> Lane:
        """The page as its visitor asks for it."""
        visit = self.visits[page.name]
        return Lane(self.port, visit.path, visit.cookie)


def main() -> int:
    """Measure as asked; 1 when a page costs more than it may."""
    asked = _arguments()
    print(_machine(), flush=True)
    broken = []
    for kind in asked.database or KINDS:
        with tempfile.TemporaryDirectory() as folder, ExitStack() as ending:
            rows = _rows(kind, Path(folder), asked, ending)
        print(f"\n{written(rows)}\n", flush=True)
        broken += [f"{kind}: {one}" for row in rows for one in row.broken()]
    print("\n".join(broken) or "Every limit holds.")
    return int(bool(broken))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=KINDS, action="append", help="one of the two only")
    parser.add_argument("--quick", action="store_true", help="the small region, a few requests")
    return parser.parse_args()


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{clock.now():%d-%m-%Y}, {os.cpu_count()} processors, {memory:.0f} GiB memory, load "
        f"{os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}, gunicorn {' '.join(WORKERS)}"
    )


def _rows(kind: str, folder: Path, asked: argparse.Namespace, ending: ExitStack) -> list[Row]:
    regions = _regions(kind, folder, (SMALL,) if asked.quick else (STRESS, SMALL), ending)
    effort = QUICK if asked.quick else THOROUGH
    bare = _served(Serving(_settings(folder, "", ""), application=BARE, asks="/bare"), ending)
    lane = Lane(bare, "/bare")
    (alone,) = in_turns([lane], laps=effort.laps * 5, at_most=effort.at_most)
    together = at_once(lane, seconds=effort.rush)
    print(f"{kind}: a bare route takes {alone * 1000:.2f} ms, {together:.0f} a second of four")
    return [_row(page, regions, lane, effort) for page in PAGES]


def _regions(
    kind: str, folder: Path, sizes: tuple[demo.Size, ...], ending: ExitStack
) -> dict[demo.Size, Region]:
    """Make them all, then serve them: by then the databases know what they hold."""
    made: dict[demo.Size, tuple[Settings, databases.Database]] = {}
    for size in sizes:
        database = _database(kind, folder / size, ending)
        made[size] = (_settings(folder / size, database.url, database.key_store_url), database)
        began = time.monotonic()
        rows = _fill(*made[size], size=size)
        print(f"{kind}: {rows} rows of size {size} in {time.monotonic() - began:.0f} s", flush=True)
    regions = {}
    for size, (settings, database) in made.items():
        if isinstance(database, databases.PostgresDatabase):
            database.settle()
        app = create_app(settings)
        visits = visit_all(app)
        with app.app_context():
            database.let_go(db.engine)
        regions[size] = Region(_served(Serving(settings), ending), visits)
    return regions


def _database(kind: str, folder: Path, ending: ExitStack) -> databases.Database:
    folder.mkdir()
    if kind == "sqlite":
        made = databases.SqliteDatabase(folder)
        made.empty()
        return made
    server = databases.start_postgres(folder.parent / "postgres")
    durable = databases.PostgresDatabase(server, f"bench_{folder.name}")
    ending.callback(durable.close)
    return durable


def _settings(folder: Path, url: str, key_store_url: str) -> Settings:
    key_file = folder / "bench.key"
    crypto.write_key_file(key_file)
    return Settings(
        mode=Mode.TEST,
        secret_key="b" * 48,
        database_url=url,
        key_store_url=key_store_url,
        key_file=key_file,
        base_url="http://127.0.0.1",
        mail_from="overleg@casustafel.example",
        mail_folder=folder,
        instance=folder,
    )


def _fill(settings: Settings, database: databases.Database, *, size: demo.Size) -> int:
    app = create_app(settings)
    with app.app_context(), wall.acting_as(databases.TEST):
        rows = demo.load(size)
        set_going()
        database.let_go(db.engine)
    return rows


def _served(serving: Serving, ending: ExitStack) -> int:
    """Start it, end it at the end; gives the port."""
    ending.callback(serving.lose_power)
    serving.start()
    return serving.port


def _row(page: Page, regions: Mapping[demo.Size, Region], bare: Lane, effort: Effort) -> Row:
    lanes = {size: region.lane(page) for size, region in regions.items()}
    alone, *each = in_turns([bare, *lanes.values()], laps=effort.laps, at_most=effort.at_most)
    timed = {
        size: Timed(
            statements=regions[size].visits[page.name].statements,
            seconds=seconds,
            per_second=at_once(lanes[size], seconds=effort.rush),
        )
        for size, seconds in zip(lanes, each, strict=True)
    }
    print(f"  {page.name}", flush=True)
    return Row(
        name=page.name, bare=alone, small=timed[SMALL], stress=timed.get(STRESS), limit=page.limit
    )


if __name__ == "__main__":
    raise SystemExit(main())
