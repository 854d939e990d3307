"""The cases with their sections, and who asks for access to them."""

import uuid

from app.domain.kinds import (
    Regime,
    RetentionClass,
)
from app.infra import crypto
from app.infra.crypto import KeyScope
from app.infra.db import transaction
from app.models import (
    Case,
    PersonConcerned,
    Section,
)
from tests import builders
from tests.canaries.world import REFERENCES, Canaries, word


def add_cases(world: Canaries) -> None:
    things = world.things
    types, table, source, host, care = (
        things[k] for k in ("types", "table", "source", "host", "care")
    )
    main = builders.case(
        table,
        source,
        question=word("question"),
        reference=REFERENCES["ref"],
        imported_number=word("imported"),
    )
    second = builders.case(
        table, care, question=word("secondquestion"), reference=REFERENCES["secondref"]
    )
    foreign = builders.case(
        things["other"], host, question=word("foreignquestion"), reference=REFERENCES["foreignref"]
    )
    world.know("case_id", main, second, foreign)
    staff = world.people["coordinator"], main
    done = builders.retention_run(*staff, confirmed_by=world.people["chair"])
    world.know("run_id", builders.retention_run(*staff), done)
    someone = world.know("concerned_id", builders.concerned(main, label=word("label")))
    seal_relation(someone.id, main)
    written = (
        ("identity", main, "identity", host, Regime.AVG),
        ("reason", main, "reason", host, Regime.AVG),
        ("safety", main, "safety", host, Regime.AVG),
        ("children", main, "children", host, Regime.AVG),
        ("health", main, "health", care, Regime.MEDICAL),
        ("input", main, "input", source, Regime.AVG),
        ("secondreason", second, "reason", host, Regime.AVG),
        ("secondchildren", second, "children", host, Regime.AVG),
    )
    sections = {
        name: builders.section(
            of, types[code], by, word(name), regime=regime,
            about=someone if code == "identity" else None,
        )
        for name, of, code, by, regime in written
    }  # fmt: skip
    sections["foreignreason"] = builders.section(
        foreign, things["other_types"]["reason"], host, word("foreignreason")
    )
    world.know("section_id", *sections.values())
    ask_for_access(world, main, someone, sections["input"])
    things |= {
        "concerned": someone,
        "main": main,
        "second": second,
        "foreign": foreign,
        "sections": sections,
    }


def ask_for_access(world: Canaries, main: Case, someone: PersonConcerned, what: Section) -> None:
    """One in preparation, one the privacy officer reviews, one whose answer may be sent."""
    staff, officer = world.people["coordinator"], world.people["privacy officer"]
    asked = builders.access_request(main, someone, what, staff)
    reviewed = builders.access_request(main, someone, what, staff, reviewer=officer)
    sent = builders.access_request(main, someone, what, staff, reviewer=officer, approved=True)
    requests = (asked.request, reviewed.request, sent.request)
    world.know("access_request_id", *requests)
    world.know("part_id", asked.part)
    world.know("view_id", asked.view)


def seal_relation(concerned_id: uuid.UUID, main: Case) -> None:
    sealed = crypto.seal(
        KeyScope.of_case(main.id, RetentionClass.SUMMARY), word("relation"),
        belongs_to=f"person_concerned:{concerned_id}:relation",
    )  # fmt: skip
    with transaction() as session:
        session.get_one(PersonConcerned, concerned_id).relation_ct = sealed
