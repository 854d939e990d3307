"""What comes before a meeting and between two: referrals, handovers, new facts, a screening list."""

import uuid
from datetime import timedelta
from typing import Any

from app.access.case_life import new_facts
from app.access.referrals import drafts, handover_answers, words
from app.domain import referral_drafts
from app.domain.kinds import (
    CaseState,
    Channel,
    ReferralState,
    RetentionClass,
    TableKind,
    TableRoleName,
    Urgency,
)
from app.infra import clock, crypto
from app.infra.crypto import KeyScope
from app.infra.db import transaction
from app.models import (
    BringingTransfer,
    Case,
    HouseholdCase,
    IdentityMark,
    Informing,
    NewFact,
    Person,
    Referral,
    ReferralCriterion,
    ReferralPartner,
    ReferralQuestion,
    Screening,
    Task,
)
from tests import builders
from tests.canaries.world import REFERENCES, Canaries, name_word, word


def refer(world: Canaries) -> None:
    """Who brought the cases in: one is kept out of its case since, one moved to another house."""
    things, people = world.things, world.people
    asked = _referral(world, people["referrer"], things["main"], "referral")
    _referral(world, people["excluded referrer"], things["second"], "secondreferral")
    _referral(
        world, people["moved referrer"], things["foreign"], "foreignreferral",
        organisation_id=things["source"].id,
    )  # fmt: skip
    builders.exclusion(
        people["excluded referrer"], things["second"], people["chair"], reason="Familie."
    )
    builders.save_all(
        ReferralCriterion(referral_id=asked.id, code="unsafe", is_met=True),
        ReferralPartner(referral_id=asked.id, organisation_id=things["care"].id),
    )
    _draft(world, people["referrer"])


def _referral(world: Canaries, who: Person, of: Case, name: str, **more: Any) -> Referral:
    referral_id, question_id, now = uuid.uuid4(), uuid.uuid4(), clock.now()
    made = builders.save(
        Referral(
            **{"id": referral_id, "case_id": of.id, "table_id": of.table_id, "person_id": who.id,
               "organisation_id": who.organisation_id, "state": ReferralState.ACCEPTED,
               "channel": Channel.FORM, "urgency": Urgency.REGULAR, "family_informed": True,
               "late_ct": words.seal(of.id, word(f"{name}late"), words.late_binding(referral_id)),
               "outcome_ct": words.seal(
                   of.id, word(f"{name}outcome"), words.outcome_binding(referral_id)
               ),
               "started_at": now, "changed_at": now, "sent_at": now, "decided_at": now,
               "decided_by_id": world.people["coordinator"].id, **more}
        )
    )  # fmt: skip
    builders.save(
        ReferralQuestion(
            id=question_id, referral_id=referral_id,
            text_ct=words.seal(of.id, word(f"{name}asked"), words.asked_binding(question_id)),
            asked_by_id=world.people["coordinator"].id, asked_at=now,
            answer_ct=words.seal(of.id, word(f"{name}answer"), words.answer_binding(question_id)),
            answered_by_id=who.id, answered_at=now,
        )
    )  # fmt: skip
    return world.know("referral_id", made)


def _draft(world: Canaries, who: Person) -> None:
    """Half a referral; nobody but its writer knows that there is one."""
    referral_id, now = uuid.uuid4(), clock.now()
    matter = referral_drafts.Matter(question=word("draft"))
    draft = referral_drafts.with_part(referral_drafts.Draft(), referral_drafts.Step.MATTER, matter)
    made = builders.save(
        Referral(
            id=referral_id, table_id=world.things["table"].id, person_id=who.id,
            organisation_id=who.organisation_id, state=ReferralState.DRAFT,
            draft_ct=crypto.seal(
                KeyScope.of_referral(referral_id), referral_drafts.dump(draft),
                belongs_to=drafts.binding(referral_id),
            ),
            started_at=now, changed_at=now,
        )
    )  # fmt: skip
    world.know("referral_id", made)


def hand_over(world: Canaries) -> None:
    """The main case to the other table, which refused it once; a line of a list to a team."""
    things, people = world.things, world.people
    main, by = things["main"], people["coordinator"]
    refused_id = uuid.uuid4()
    refused = builders.handover(
        main, by, to_table=things["other"], id=refused_id, refused_at=clock.now(),
        refused_by_id=people["receiving team"].id,
        answer_ct=crypto.seal(
            KeyScope.of_case(main.id, RetentionClass.SUMMARY), word("handoveranswer"),
            belongs_to=handover_answers.answer_binding(refused_id),
        ),
    )  # fmt: skip
    waiting = builders.handover(main, by, to_table=things["other"])
    things["handover"] = world.know("handover_id", waiting, refused)
    with transaction() as session:
        offered = session.get_one(Task, things["tasks"]["receiving team"].id)
        offered.handover_id, offered.until_at = waiting.id, None
    line, lister = things["screened"], people["screening coordinator"]
    to_team = builders.handover(line, lister, to_team=things["outside"])
    task = builders.offer(
        people["team member"], to_team, line, lister, reason=word("teamreason"),
        accepted_at=clock.now() if world.clock in "CLDE" else None,
    )  # fmt: skip
    world.know("handover_id", to_team)
    world.know("task_id", task)


def screen(world: Canaries) -> None:
    """A day's list of another table: a reference of another house, and nothing else."""
    things = world.things
    line = builders.case(
        things["screening"], things["host"], question=word("screeningquestion"),
        reference=REFERENCES["screenref"], imported_number=word("screeningnumber"),
        state=CaseState.IN_TRIAGE,
    )  # fmt: skip
    builders.save(
        Screening(
            case_id=line.id, table_id=things["screening"].id, listed_on=clock.now().date(),
            is_urgent=True, listed_by_id=world.people["screening coordinator"].id,
        )
    )  # fmt: skip
    things["screened"] = line
    world.know("case_id", line)


def tell(world: Canaries) -> None:
    """A new fact that was answered, and why one of the family is not told yet."""
    things, who = world.things, world.people["action owner"]
    main, fact_id, now = things["main"], uuid.uuid4(), clock.now()
    sealed = {
        f"{column}_ct": new_facts.seal(main.id, fact_id, column, word(f"fact{column}"))
        for column in ("what", "source", "answer")
    }
    fact = builders.save(
        NewFact(
            id=fact_id, case_id=main.id, table_id=main.table_id, reported_by_id=who.id,
            organisation_id=who.organisation_id, is_danger=True, happened_at=now, reported_at=now,
            answered_at=now, answered_by_id=world.people["coordinator"].id, **sealed,
        )
    )  # fmt: skip
    world.know("fact_id", fact)
    informing_id = uuid.uuid4()
    builders.save(
        Informing(
            id=informing_id, case_id=main.id, person_concerned_id=things["concerned"].id,
            reason_ct=crypto.seal(
                KeyScope.of_case(main.id, RetentionClass.SUMMARY), word("notinformed"),
                belongs_to=f"informing:{informing_id}:reason",
            ),
            reconsider_on=now.date() + timedelta(days=60), recorded_at=now,
            recorded_by_id=world.people["coordinator"].id,
        )
    )  # fmt: skip


def link(world: Canaries) -> None:
    """The main case and that of the other table are of one family; somebody in it was here before."""
    main, elsewhere = world.things["main"], world.things["foreign"]
    household_id, now = uuid.uuid4(), clock.now()
    links = (
        HouseholdCase(
            household_id=household_id, case_id=one.id, linked_at=now,
            linked_by_id=world.people["coordinator"].id,
        )
        for one in (main, elsewhere)
    )  # fmt: skip
    builders.save_all(
        *links,
        IdentityMark(
            person_concerned_id=world.things["concerned"].id, case_id=main.id, mark="0" * 64,
            made_at=now,
        ),
    )  # fmt: skip


def ask_to_bring(world: Canaries) -> None:
    """Another organisation is asked to be the bringing partner of the other case."""
    asked = BringingTransfer(
        case_id=world.things["second"].id, table_id=world.things["table"].id, from_organisation_id=world.things["care"].id,
        to_organisation_id=world.things["source"].id, proposed_at=clock.now(),
        proposed_by_id=world.people["coordinator"].id,
    )  # fmt: skip
    world.know("transfer_id", builders.save(asked))


def add_people(world: Canaries) -> None:
    """The referrers, who serves the screening list, and who may take a line of it."""
    things = world.things
    things["screening"] = world.know(
        "table_id", builders.table("Spoedteam Deltaland", "SPO", kind=TableKind.SCREENING)
    )
    outside, host = things["outside"], things["host"]
    for actor, of, role in (
        ("referrer", outside, None),
        ("excluded referrer", outside, None),
        ("moved referrer", things["school"], None),
        ("screening coordinator", host, TableRoleName.COORDINATOR),
        ("team member", outside, TableRoleName.REPRESENTATIVE),
    ):
        name = f"P. {word(name_word(actor))}"
        who = world.people[actor] = builders.person(of, name)
        world.know("person_id", who)
        if role:
            world.know("role_id", builders.role(who, things["screening"], role))
