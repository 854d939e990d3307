"""More organisations, tables and people for the larger sizes, with invented names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from app.access import audit, audit_chain
from app.domain.kinds import Ground, LogRole, OrganisationKind, TableKind
from app.features.demo.batch import Batch
from app.features.demo.ground import (
    World,
    add_covenant,
    add_organisation,
    add_person,
    add_table,
)
from app.features.demo.people import (
    COORDINATOR,
    FIRST_NAMES,
    REGION_CHAIRS,
    REPRESENTATIVE,
    SURNAMES,
    Someone,
)
from app.features.demo.years import Rhythm
from app.models import TableRole

KINDS: Final = tuple(kind for kind in OrganisationKind if kind is not OrganisationKind.OTHER)
TABLES_PER_PERSON: Final = 2
LOG_ROWS_AT_ONCE: Final = 50_000
ROWS_IN_A_RUN: Final = 100
EVENTS: Final = (audit.Event.READ, audit.Event.READ, audit.Event.READ, audit.Event.CHANGE)


def add_region_people(batch: Batch, world: World, *, count: int) -> None:
    """The chairs of the other tables, and ``count`` people with a seat at two of them."""
    for someone in REGION_CHAIRS:
        add_person(batch, world, someone)
    add_crowd(batch, world, count=count)


def add_crowd(batch: Batch, world: World, *, count: int) -> None:
    """People spread over all organisations; addresses carry a number, names may come twice."""
    codes, tables = list(world.organisations), list(world.tables)
    for number in range(count):
        first = FIRST_NAMES[number % len(FIRST_NAMES)]
        last = SURNAMES[(number // len(FIRST_NAMES) + number) % len(SURNAMES)]
        someone = Someone(
            f"crowd{number}",
            codes[number % len(codes)],
            f"{first} {last}",
            "medewerker",
            tuple(
                (table, REPRESENTATIVE) for table in batch.chance.sample(tables, TABLES_PER_PERSON)
            ),
        )
        add_person(batch, world, someone, mail_number=number + 1)


def add_stress_ground(batch: Batch, world: World, *, organisations: int, tables: int) -> None:
    """Organisations and tables up to the numbers asked for; everybody takes part everywhere."""
    for number in range(len(world.organisations), organisations):
        kind = KINDS[number % len(KINDS)]
        code = f"ORG{number}"
        add_organisation(batch, world, code=code, name=f"Organisatie {number}", kind=kind)
        for table in world.tables:
            add_covenant(batch, world, code=code, table=table)
    for number in range(len(world.tables), tables):
        key = f"t{number}"
        add_table(
            batch, world, key=key, name=f"MDA++ wijk {number}", kind=TableKind.MDA,
            prefix=f"W{number}", place="", minutes=30,
        )  # fmt: skip
        for code in world.organisations:
            add_covenant(batch, world, code=code, table=key)
        batch.add(
            TableRole,
            person_id=world.people["joost"],
            table_id=world.tables[key],
            role=COORDINATOR,
            from_at=world.long_ago,
        )


def stress_rhythms(world: World) -> dict[str, Rhythm]:
    """3,000 meetings, 8,000 cases and 30,000 actions over all tables (domain.md §6)."""
    share = len(world.tables)
    rhythm = Rhythm(3_000 // share, 8_000 // share, 20, (4, 6), 3.75)
    return dict.fromkeys(world.tables, rhythm)


def add_log(world: World, session: Session, *, count: int) -> int:
    """Log rows over a year, in order of time as a log grows; no row is about a real reading."""
    for start in range(0, count, LOG_ROWS_AT_ONCE):
        size = min(LOG_ROWS_AT_ONCE, count - start)
        audit_chain.append(session, list(_log_rows(world, start=start, size=size, count=count)))
    return count


def _log_rows(world: World, *, start: int, size: int, count: int) -> Iterator[dict[str, Any]]:
    # Runs of one person and one case, as real reading goes; it also spares the indexes.
    people, cases = list(world.people.items()), sorted(world.cases)
    year = timedelta(days=365)
    for number in range(start, start + size):
        name, person_id = people[number // ROWS_IN_A_RUN % len(people)]
        yield {
            "at": world.now - year + year * number / count,
            "event": EVENTS[number % len(EVENTS)].value,
            "outcome": "done",
            "person_id": person_id,
            "person_name": name,
            "role": LogRole.SEAT_HOLDER.value,
            "ground": Ground.SEAT.value,
            "address": "127.0.0.1",
            "case_id": cases[(number - start) * len(cases) // LOG_ROWS_AT_ONCE],
            "object_kind": "section",
            "source": audit.SOURCE,
        }
