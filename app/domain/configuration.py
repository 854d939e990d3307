"""The whole set-up of a region as one readable file: no person, no case, no secret.

For setting up another region, or a trial of one. ``parse`` refuses what does not fit; whether it
may be loaded is for the room (app/features/configuration).
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from app.domain import stored_trees
from app.domain.kind_document import DisclosurePreset, KindDocument, SectionPreset
from app.domain.kinds import OrganisationKind, RequiredRole, TermSubject

FORMAT = 1


@dataclass(frozen=True, slots=True)
class OrganisationSetUp:
    """A partner organisation; ``mail_domains`` with a space between two."""

    code: str
    name: str
    kind: OrganisationKind
    mail_domains: str = ""


@dataclass(frozen=True, slots=True)
class RoomSetUp:
    """A room to meet in."""

    name: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class ClosureSetUp:
    """Days on which a table does not meet, both ends included, as ``2026-12-24``."""

    name: str
    first_on: str
    last_on: str


@dataclass(frozen=True, slots=True)
class TermSetUp:
    """How long a table keeps something: months, or weeks for answering (domain/terms.py)."""

    subject: TermSubject
    amount: int
    extra: int = 0


@dataclass(frozen=True, slots=True)
class FollowUpSetUp:
    """How a table chases its actions; as stored (app/models/following.py)."""

    days_before: str
    on_the_day: bool
    days_after: str
    quiet_from: int
    quiet_until: int
    deputy_after: int | None
    contact_after: int | None
    chair_after: int | None
    verifies: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSetUp:
    """A table with its scheme; ``kind`` and ``host`` are codes, the latter empty for none."""

    name: str
    kind: str
    prefix: str
    host: str
    place: str
    minutes_per_item: int
    opens_working_days: int
    closes_working_days: int
    correction_working_days: int
    has_standing_reservation: bool
    has_standing_seats: bool
    children_first: bool
    sections_open_with_item: bool
    calendar_words: str
    confidentiality_nl: str
    confidentiality_en: str
    required_roles: tuple[RequiredRole, ...]
    sections: tuple[SectionPreset, ...]
    disclosures: tuple[DisclosurePreset, ...]
    standing_partners: tuple[str, ...]
    closures: tuple[ClosureSetUp, ...]
    terms: tuple[TermSetUp, ...]
    follow_up: FollowUpSetUp | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """All that is set of a region; ``kinds`` are those that are not as the product ships them."""

    format: int = FORMAT
    organisations: tuple[OrganisationSetUp, ...]
    rooms: tuple[RoomSetUp, ...]
    kinds: tuple[KindDocument, ...]
    tables: tuple[TableSetUp, ...]


def dump(configuration: Configuration) -> str:
    """As text to read: one value per line, keys in order."""
    tree = json.loads(stored_trees.dump(configuration))
    return json.dumps(tree, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def parse(text: str) -> Configuration:
    """Read it back. ValueError says where something does not fit."""
    read = stored_trees.parse(Configuration, text)
    if read.format != FORMAT:
        message = f"format {read.format} is not known here"
        raise ValueError(message)
    _refuse_loose_ends(read)
    return read


def _refuse_loose_ends(read: Configuration) -> None:
    """Every code that is named has to be there, and nothing may be there twice."""
    partners = [one.code for one in read.organisations]
    for what, names in (
        ("organisation", partners),
        ("organisation", [one.name for one in read.organisations]),
        ("room", [one.name for one in read.rooms]),
        ("kind", [one.code for one in read.kinds]),
        ("table", [one.name for one in read.tables]),
    ):
        if len(set(names)) != len(names):
            message = f"the same {what} stands in it twice"
            raise ValueError(message)
    for table in read.tables:
        unknown = {table.host, *table.standing_partners} - {"", *partners}
        if unknown:
            message = f"{table.name} names no organisation {min(unknown)}"
            raise ValueError(message)
        sections = {one.code for one in table.sections}
        if len(sections) != len(table.sections):
            message = f"{table.name} has the same section twice"
            raise ValueError(message)
        loose = {one.section_code for one in table.disclosures} - sections
        if loose:
            message = f"{table.name} discloses no section {min(loose)}"
            raise ValueError(message)
