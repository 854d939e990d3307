"""Everybody who has, had or might have had a ground, under the name of the actor."""

from typing import Any

from app.domain.kinds import (
    AccountState,
    OrganisationKind,
    TableKind,
    TableRoleName,
)
from app.infra import clock
from app.models import (
    IdentityProvider,
    Organisation,
    PowerfulChange,
    Room,
)
from app.models.people import PowerfulChangeKind
from tests import builders
from tests.canaries.world import CLOSES, Canaries, name_word, word


def add_people(world: Canaries) -> None:
    kinds = OrganisationKind
    host, source, care, school, shelter, lapsed, outside = (
        world.know("organisation_id", builders.organisation(code, kind, name=f"Organisatie {code}"))
        for code, kind in (
            ("GEM", kinds.MUNICIPALITY), ("POL", kinds.POLICE), ("GGZ", kinds.MENTAL_HEALTH),
            ("JGZ", kinds.EDUCATION_HEALTH), ("OPV", kinds.SHELTER),
            ("RCL", kinds.PROBATION), ("WIJ", kinds.LOCAL_TEAM),
        )
    )  # fmt: skip
    table = world.know("table_id", builders.table(place="Stadhuis"))
    world.know("room_id", builders.save(Room(name="Zaal 7")))
    world.know(
        "provider_id",
        builders.save(
            IdentityProvider(
                organisation_id=world.ids["organisation_id"][0], name="Inloggen", client_id="tafel",
                issuer="https://inloggen.organisatie.example", made_at=clock.now(),
            )
        ),
    )  # fmt: skip
    other = world.know("table_id", builders.table("ZSM Deltaland", "ZSM", kind=TableKind.ZSM))
    covenants = [
        builders.covenant(of, table) for of in (host, source, care, school, shelter, lapsed)
    ]
    world.know("covenant_id", *covenants)
    world.know("series_id", builders.series(table))
    world.know("closure_id", builders.closure(table))
    builders.covenant(host, other)
    world.things |= {
        "host": host, "source": source, "care": care, "school": school, "shelter": shelter,
        "lapsed": lapsed, "outside": outside, "table": table, "other": other, "types": builders.scheme(table),
        "other_types": builders.scheme(other),
    }  # fmt: skip
    types = world.things["types"]
    world.know("section_type_id", *types.values())
    world.know("standard_id", builders.standard(table, kinds.POLICE, types["reason"]))

    def add(actor: str, of: Organisation, role: TableRoleName | None = None, **more: Any) -> None:
        name = f"P. {word(name_word(actor))}"
        who = world.people[actor] = builders.person(of, name, **more)
        world.know("person_id", who)
        if role:
            at = other if actor in {"chair of another table", "receiving team"} else table
            world.know("role_id", builders.role(who, at, role))

    roles = TableRoleName
    add("chair", host, roles.CHAIR)
    add("coordinator", host, roles.COORDINATOR)
    add("chair of another table", host, roles.CHAIR)
    add("administrator", host, is_administrator=True)
    add("privacy officer", host, is_privacy_officer=True)
    add("seat holder", source, roles.REPRESENTATIVE)
    add("deputy", source)
    add("former holder", source, roles.REPRESENTATIVE)
    add("former holder, no role", source)
    add("recused", source, roles.REPRESENTATIVE)
    add("excluded", source, roles.REPRESENTATIVE)
    add("excluded coordinator", host, roles.COORDINATOR)
    add("colleague", source)
    add("standing deputy", source, roles.DEPUTY)
    add("representative", source, roles.REPRESENTATIVE)
    add("seated elsewhere", school, roles.REPRESENTATIVE)
    add("not disclosed", care)
    add("asked for input", school)
    add("no covenant", lapsed)
    add("staff only", shelter)
    add("unanswered", school)
    add("action owner", care)
    add("told action owner", care)
    add("told on the ladder", source)
    add("guest", outside, ends_at=CLOSES)
    add("secretary", host)
    add("asked for information", host)
    add("receiving team", host, roles.COORDINATOR)
    add("reviewer", host, is_privacy_officer=True)
    add("case lead", host)
    add("emergency reader", care, roles.EMERGENCY_READER)
    add("host fg", host, is_supervisor=True)
    add("partner fg", source, is_supervisor=True)
    add("blocked", source, roles.REPRESENTATIVE, state=AccountState.BLOCKED)
    add("left", source, roles.REPRESENTATIVE, state=AccountState.LEFT)
    add("moved", school)
    world.know(
        "change_id",
        builders.save(
            PowerfulChange(
                kind=PowerfulChangeKind.APPOINT_COORDINATOR, table_id=table.id,
                subject_id=world.people["colleague"].id,
                requested_by_id=world.people["administrator"].id, requested_at=clock.now(),
            )
        ),
    )  # fmt: skip


def keep_out(world: Canaries) -> None:
    """Exclusion and recusal with the seat left in place: they must deny by themselves."""
    things, people = world.things, world.people
    for actor in ("excluded", "excluded coordinator"):
        world.know(
            "exclusion_id",
            builders.exclusion(
                people[actor], things["main"], people["chair"], reason=word("exclusion")
            ),
        )
    world.know("recusal_id", builders.recusal(people["recused"], things["main"]))
    # Over, and still to be reviewed.
    opened = builders.emergency(
        people["privacy officer"],
        things["main"],
        reason=word("emergency"),
        ended_at=clock.now(),
        until_at=clock.now(),
    )
    world.know("reading_id", opened)
