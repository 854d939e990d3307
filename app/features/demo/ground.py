"""Lays the ground of the demo region: organisations, tables, people, roles, covenants, sections."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.domain import presets
from app.domain.kinds import AccountState, OrganisationKind, TableKind, TableRoleName
from app.domain.local_time import start_of_day
from app.features.demo.batch import Batch
from app.features.demo.people import (
    ENDS_IN,
    KIND_CODES,
    ORGANISATIONS,
    PEOPLE,
    TABLES,
    Someone,
)
from app.infra import clock
from app.models import (
    CaseTable,
    ConfidentialityText,
    Covenant,
    Organisation,
    Person,
    Room,
    SectionType,
    StandardDisclosure,
    TableContact,
    TableQuorum,
    TableRole,
)

ONLINE = "Online"
# Desks that answer at night: invented numbers of a range that is given to nobody.
DESKS = (
    ("VT", ("Dienst buiten kantooruren", "088-0000112")),
    ("POL", ("Regionale meldkamer", "088-0000113")),
)
# Where minutes are looked at by those who were there before they are adopted; elsewhere at once.
CORRECTION_DAYS = {TableKind.MDA: 5, TableKind.SAFETY_HOUSE: 5}


@dataclass(slots=True)
class World:
    """The ids of what was laid, by the keys of the hand-written data."""

    now: datetime
    organisations: dict[str, uuid.UUID] = field(default_factory=dict)
    kinds: dict[str, OrganisationKind] = field(default_factory=dict)
    tables: dict[str, uuid.UUID] = field(default_factory=dict)
    table_kinds: dict[str, TableKind] = field(default_factory=dict)
    prefixes: dict[str, str] = field(default_factory=dict)
    rooms: dict[str, uuid.UUID] = field(default_factory=dict)
    people: dict[str, uuid.UUID] = field(default_factory=dict)
    employer: dict[str, str] = field(default_factory=dict)
    seated: dict[str, frozenset[str]] = field(default_factory=dict)
    section_types: dict[tuple[str, str], uuid.UUID] = field(default_factory=dict)
    references: set[str] = field(default_factory=set)
    cases: list[uuid.UUID] = field(default_factory=list)
    declared: set[tuple[str, uuid.UUID]] = field(default_factory=set)

    @property
    def long_ago(self) -> datetime:
        """When everything of the region began: roles and covenants run from then."""
        return self.now - timedelta(days=600)


def lay_ground(batch: Batch, now: datetime, table_keys: Iterable[str]) -> World:
    """The organisations, the tables asked for and everybody who works at them."""
    world = World(now)
    for code, name, kind in ORGANISATIONS:
        add_organisation(batch, world, code=code, name=name, kind=kind)
    wanted = set(table_keys)
    for key, name, table_kind, prefix, place, minutes in TABLES:
        if key in wanted:
            add_table(
                batch, world, key=key, name=name, kind=table_kind, prefix=prefix, place=place,
                minutes=minutes,
            )  # fmt: skip
            for code in world.organisations:
                add_covenant(batch, world, code=code, table=key)
            if place != ONLINE:
                add_room(batch, world, place)
    for someone in PEOPLE:
        add_person(batch, world, someone)
    for key in world.tables:
        _add_contacts(batch, world, key)
    return world


def _add_contacts(batch: Batch, world: World, table: str) -> None:
    """Whom to call when a table meets at once, where there is a desk beside the representatives."""
    for code, desk in DESKS:
        seated = [one.key for one in PEOPLE if one.organisation == code]
        people = [key for key in seated if table in world.seated[key]]
        listed = [(world.people[key], "", "") for key in people]
        for position, (person_id, name, phone) in enumerate([*listed, (None, *desk)], 1):
            key = f"{world.tables[table]}:{code}:{position}"
            batch.link(
                TableContact,
                id=uuid.uuid5(uuid.NAMESPACE_OID, key),
                table_id=world.tables[table],
                organisation_id=world.organisations[code],
                position=position,
                person_id=person_id,
                name=name,
                phone=phone,
            )


def add_organisation(
    batch: Batch, world: World, *, code: str, name: str, kind: OrganisationKind
) -> None:
    """One organisation with a mail domain that cannot exist (RFC 2606)."""
    world.kinds[code] = kind
    world.organisations[code] = batch.add(
        Organisation, code=code, name=name, kind=kind, mail_domains=_domain(code)
    )


def add_room(batch: Batch, world: World, place: str) -> None:
    """The room a table usually meets in, to be chosen for other meetings too."""
    world.rooms[place] = batch.add(Room, id=uuid.uuid5(uuid.NAMESPACE_OID, place), name=place)


def _domain(code: str) -> str:
    return f"{code.lower()}.example"


def add_table(
    batch: Batch,
    world: World,
    *,
    key: str,
    name: str,
    kind: TableKind,
    prefix: str,
    place: str,
    minutes: int,
) -> None:
    """One case table with the section scheme and standard disclosures of its kind."""
    table_id = world.tables[key] = batch.add(
        CaseTable,
        name=name,
        kind=kind,
        kind_code=KIND_CODES.get(key, ""),
        prefix=prefix,
        host_organisation_id=world.organisations["ZVH"],
        place=place,
        minutes_per_item=minutes,
        confidentiality_nl=presets.CONFIDENTIALITY_NL,
        confidentiality_en=presets.CONFIDENTIALITY_EN,
        correction_working_days=CORRECTION_DAYS.get(kind, 0),
    )
    world.table_kinds[key], world.prefixes[key] = kind, prefix
    _add_ground_rules(batch, world, key)
    for position, section in enumerate(presets.document_of(kind).sections, start=1):
        world.section_types[key, section.code] = batch.add(
            SectionType,
            table_id=table_id,
            code=section.code,
            label_nl=section.label_nl,
            label_en=section.label_en,
            position=position,
            retention=section.retention,
            is_identity=section.is_identity,
            is_input=section.is_input,
            is_plan=section.is_plan,
        )
    for standard in presets.document_of(kind).disclosures:
        batch.add(
            StandardDisclosure,
            table_id=table_id,
            organisation_kind=standard.organisation_kind,
            section_type_id=world.section_types[key, standard.section_code],
            ground=standard.ground,
            purpose=standard.purpose,
            necessity=standard.necessity,
        )


def _add_ground_rules(batch: Batch, world: World, key: str) -> None:
    """The statement as it stands since the beginning, and who has to be there."""
    table_id = world.tables[key]
    batch.link(
        ConfidentialityText,
        table_id=table_id,
        version=1,
        text_nl=presets.CONFIDENTIALITY_NL,
        text_en=presets.CONFIDENTIALITY_EN,
        from_at=world.long_ago,
    )
    for role in presets.document_of(world.table_kinds[key]).required_roles:
        batch.add(TableQuorum, table_id=table_id, role=role)


def add_covenant(batch: Batch, world: World, *, code: str, table: str) -> None:
    """An organisation takes part in a table from the start, without an end."""
    batch.add(
        Covenant,
        organisation_id=world.organisations[code],
        table_id=world.tables[table],
        from_at=world.long_ago,
    )


def add_person(
    batch: Batch, world: World, someone: Someone, *, mail_number: int | None = None
) -> None:
    """One active account without a password; demo mode signs in with one press."""
    first, _, last = someone.name.partition(" ")
    mailbox = f"{first[0]}.{last}".lower().replace(" ", "").replace("ü", "u")
    mailbox += str(mail_number or "")
    world.employer[someone.key] = someone.organisation
    world.seated[someone.key] = frozenset(
        table for table, role in someone.roles if role is TableRoleName.REPRESENTATIVE
    )
    person_id = world.people[someone.key] = batch.add(
        Person,
        organisation_id=world.organisations[someone.organisation],
        name=someone.name,
        function=someone.function,
        email=f"{mailbox}@{_domain(someone.organisation)}",
        phone=f"06-1234{batch.chance.randrange(5000, 6000)}",
        state=AccountState.ACTIVE,
        is_administrator=someone.is_administrator,
        is_privacy_officer=someone.is_privacy_officer,
        is_supervisor=someone.is_supervisor,
    )
    ends_at = start_of_day(clock.today() + ENDS_IN)
    for table, role in someone.roles:
        if table in world.tables:
            batch.add(
                TableRole,
                person_id=person_id,
                table_id=world.tables[table],
                role=role,
                from_at=world.long_ago,
                until_at=ends_at if table in someone.ends_at else None,
            )
