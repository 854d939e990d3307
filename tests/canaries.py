"""A table at work in which every confidential field holds a word of its own, at five clock positions.

The meeting is on 15 June 2026. A before publication, B published but not open yet, "b" open but
confidentiality not accepted, C open and accepted, D discussed and closed, E after the window.
Everybody who once had, might have had or lost a ground sits here under the name of the actor.
"""

import re
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from app.domain.kinds import (
    AccountState,
    ActionState,
    AnswerKind,
    CaseState,
    DecisionKind,
    HoldEnd,
    InputAnswer,
    OrganisationKind,
    PresenceState,
    Regime,
    RetentionClass,
    SourceOpinion,
    TableRoleName,
    TaskKind,
)
from app.features.access_requests import judging
from app.infra import clock, crypto, outbox
from app.infra.calendar_queue import queue_calendar
from app.infra.clock import FrozenClock
from app.infra.crypto import KeyScope
from app.infra.db import transaction
from app.models import (
    AccessRequest,
    AccessRequestPart,
    Action,
    ActionEvent,
    AgendaItem,
    Case,
    Decision,
    DecisionAddressee,
    Meeting,
    Organisation,
    Person,
    PersonConcerned,
    PowerfulChange,
    Room,
    Seat,
    Section,
    SourceView,
)
from app.models.people import PowerfulChangeKind
from tests import builders

MOMENTS = {
    "A": datetime(2026, 6, 1, 8, 0, tzinfo=UTC),
    "B": datetime(2026, 6, 5, 8, 0, tzinfo=UTC),
    "b": datetime(2026, 6, 12, 8, 0, tzinfo=UTC),
    "C": datetime(2026, 6, 12, 8, 0, tzinfo=UTC),
    "D": datetime(2026, 6, 16, 8, 0, tzinfo=UTC),
    "E": datetime(2026, 6, 29, 8, 0, tzinfo=UTC),
}
PUBLISHED = datetime(2026, 6, 4, 8, 0, tzinfo=UTC)
OPENS = datetime(2026, 6, 8, 0, 0, tzinfo=UTC)
# 13.07 in the Netherlands: a time no other thing has.
STARTS = datetime(2026, 6, 15, 11, 7, tzinfo=UTC)
CLOSED = datetime(2026, 6, 15, 14, 0, tzinfo=UTC)
CLOSES = datetime(2026, 6, 23, 0, 0, tzinfo=UTC)
SLOT = re.compile(r"13[.:]07|T130700")
WORD = re.compile(r"KX([a-z]+)XK")
REFERENCES = {"ref": "MDA-4H6NW", "secondref": "MDA-9M4RT", "foreignref": "ZSM-9N6TW"}


def word(name: str) -> str:
    """The canary of a field; no canary is a part of another."""
    return f"KX{name}XK"


def name_word(actor: str) -> str:
    """The canary in the name of an actor's account."""
    return "name" + "".join(letter for letter in actor if letter.isalpha())


def words_in(text: str) -> set[str]:
    """The canaries in a text, the references, and ``slot`` for the time of the main item."""
    found = set(WORD.findall(text)) | {name for name, code in REFERENCES.items() if code in text}
    return found | {"slot"} if SLOT.search(text) else found


@dataclass(slots=True)
class Canaries:
    """The world: actors by name, and the ids of everything by the name routes give them."""

    clock: str
    people: dict[str, Person] = field(default_factory=dict)
    ids: dict[str, list[uuid.UUID]] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)

    def know(self, kind: str, *rows: Any) -> Any:
        self.ids.setdefault(kind, []).extend(row.id for row in rows)
        return rows[0]


def build(at: str, frozen: FrozenClock) -> Canaries:
    """Make the world as it stands at a clock position, and leave the clock there."""
    frozen.moment = MOMENTS["A"]
    world = Canaries(at)
    _people(world)
    _cases(world)
    _meetings(world)
    _seats(world)
    _tasks(world)
    _kept_out(world)
    _review(world)
    _invite(world)
    if at == "A":
        # Whoever is asked for input accepts before anything else.
        builders.acceptance(world.people["asked for input"], world.things["meeting"])
    else:
        _publish(world, accepted=at != "b")
    frozen.moment = MOMENTS[at]
    if at in "DE":
        _discuss(world)
    # Open just now, whatever moment that is.
    opened = builders.emergency(
        world.people["emergency reader"], world.things["main"], reason=word("emergency")
    )
    world.know("reading_id", opened)
    world.things["emergency"] = opened
    return world


def _people(world: Canaries) -> None:
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
    other = world.know("table_id", builders.table("ZSM Deltaland", "ZSM"))
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
    add("representative", source, roles.REPRESENTATIVE)
    add("seated elsewhere", school, roles.REPRESENTATIVE)
    add("not disclosed", care)
    add("asked for input", school)
    add("no covenant", lapsed)
    add("staff only", shelter)
    add("unanswered", school)
    add("action owner", care)
    add("told action owner", care)
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


def _cases(world: Canaries) -> None:
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
    _seal_relation(someone.id, main)
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
    _access_requests(world, main, someone, sections["input"])
    things |= {
        "concerned": someone,
        "main": main,
        "second": second,
        "foreign": foreign,
        "sections": sections,
    }


def _access_requests(world: Canaries, main: Case, someone: PersonConcerned, what: Section) -> None:
    """One in preparation, one the privacy officer reviews, one whose answer may be sent."""
    staff, officer = world.people["coordinator"], world.people["privacy officer"]
    asked = builders.access_request(main, someone, what, staff)
    reviewed = builders.access_request(main, someone, what, staff, reviewer=officer)
    sent = builders.access_request(main, someone, what, staff, reviewer=officer, approved=True)
    requests = (asked.request, reviewed.request, sent.request)
    world.know("access_request_id", *requests)
    world.know("part_id", asked.part)
    world.know("view_id", asked.view)


def _seal_relation(concerned_id: uuid.UUID, main: Case) -> None:
    sealed = crypto.seal(
        KeyScope.of_case(main.id, RetentionClass.SUMMARY), word("relation"),
        belongs_to=f"person_concerned:{concerned_id}:relation",
    )  # fmt: skip
    with transaction() as session:
        session.get_one(PersonConcerned, concerned_id).relation_ct = sealed


def _meetings(world: Canaries) -> None:
    things = world.things
    meeting = builders.meeting(things["table"], starts_at=STARTS - timedelta(minutes=7))
    opening = builders.item(meeting, minutes=7)
    item = builders.item(meeting, things["main"], minutes=36, after=opening)
    second = builders.item(meeting, things["second"], minutes=20, after=item)
    other = builders.meeting(things["other"], starts_at=STARTS + timedelta(days=1, hours=2))
    foreign = builders.item(other, things["foreign"], minutes=30)
    world.know("meeting_id", meeting, other)
    world.know("item_id", item, opening, second, foreign)
    things |= {"meeting": meeting, "item": item, "second_item": second, "foreign_item": foreign}


DISCLOSED = {
    "seat holder": ("identity", "reason", "safety", "health"),
    "deputy": ("identity", "reason", "safety"),
    "recused": ("identity", "reason", "safety"),
    "excluded": ("identity", "reason", "safety"),
    "blocked": ("identity", "reason", "safety"),
    "left": ("identity", "reason", "safety"),
    "moved": ("identity", "reason", "safety"),
    "no covenant": ("identity", "reason", "safety"),
    "not disclosed": (),
    "asked for input": ("identity",),
    "staff only": (),
    # Accepted confidentiality, but has not said yet whether it knows anybody.
    "unanswered": ("identity", "reason"),
}


def _seats(world: Canaries) -> None:
    things, people = world.things, world.people
    made: dict[str, Seat] = {}
    for actor, codes in DISCLOSED.items():
        of = things["source"] if actor == "moved" else _organisation_of(world, actor)
        made[actor] = builders.seat(
            things["item"], of, people[actor], is_staff_only=actor == "staff only"
        )
        for code in codes:
            world.know(
                "disclosure_id",
                builders.disclosure(made[actor], things["sections"][code], people["coordinator"]),
            )
    for actor in ("former holder", "former holder, no role"):
        builders.hold(
            made["deputy"], people[actor], until_at=clock.now(), ended=HoldEnd.HANDED_OVER,
            from_at=clock.now() - timedelta(days=1),
        )  # fmt: skip
    elsewhere = builders.seat(things["second_item"], things["school"], people["seated elsewhere"])
    builders.disclosure(elsewhere, things["sections"]["secondreason"], people["coordinator"])
    proposed = builders.proposal(
        builders.seat(things["item"], things["care"], is_proposed=True), things["main"],
        word("proposed"),
    )  # fmt: skip
    there = builders.bystander(
        things["item"], things["main"], word("proposed"), people["coordinator"]
    )
    world.know("bystander_id", there)
    foreign = builders.seat(
        things["foreign_item"], things["host"], people["chair of another table"]
    )
    world.know("seat_id", *made.values(), elsewhere, proposed, foreign)
    world.know(
        "request_id",
        builders.input_request(
            made["asked for input"], people["coordinator"], deadline_at=STARTS - timedelta(hours=4)
        ),
        builders.input_request(
            made["seat holder"], people["coordinator"], answer=InputAnswer.TEXT,
            answered_at=clock.now(), answered_by_id=people["seat holder"].id,
            recorded_by_id=people["coordinator"].id,
            section_id=things["sections"]["input"].id,
        ),
    )  # fmt: skip
    for actor in DISCLOSED:
        if actor != "unanswered":
            builders.declaration(people[actor], things["sections"]["identity"])
    things |= {"seats": made, "elsewhere": elsewhere}


def _organisation_of(world: Canaries, actor: str) -> Organisation:
    wanted = world.people[actor].organisation_id
    return next(
        world.things[name]
        for name in ("host", "source", "care", "school", "shelter", "lapsed", "outside")
        if world.things[name].id == wanted
    )


# Per holder of a task: what it names, whether the question too, and what is its own about it.
TASKS: dict[str, tuple[TaskKind, tuple[str, ...], bool]] = {
    "guest": (TaskKind.GUEST, ("reason",), True),
    "secretary": (TaskKind.SECRETARY, ("reason", "safety"), False),
    "asked for information": (TaskKind.INFORMATION_REQUEST, ("children",), True),
    "receiving team": (TaskKind.HANDOVER, ("reason", "input"), True),
    "case lead": (TaskKind.CASE_LEAD, (), False),
}


def _tasks(world: Canaries) -> None:
    """One of each kind, accepted once the papers are open; all but the lead end with the window."""
    things, people = world.things, world.people
    main, by, now = things["main"], people["coordinator"], clock.now()
    things["tasks"] = {}
    for actor, (kind, codes, opens_question) in TASKS.items():
        leads = kind is TaskKind.CASE_LEAD
        at_item = kind in {TaskKind.GUEST, TaskKind.SECRETARY}
        things["tasks"][actor] = builders.task(
            people[actor], main, by, kind=kind, reason=word("leadreason" if leads else "taskreason"),
            sections=[things["sections"][code] for code in codes], opens_question=opens_question,
            until_at=None if leads else CLOSES, item_id=things["item"].id if at_item else None,
            to_table_id=things["other"].id if kind is TaskKind.HANDOVER else None,
            accepted_at=now if leads or world.clock in "CDE" else None,
        )  # fmt: skip
    named = ("asked for information", "case lead", "guest", "secretary", "receiving team")
    world.know("task_id", *(things["tasks"][actor] for actor in named))


def _review(world: Canaries) -> None:
    """An answer with the source's own text in it, before a reviewer who took the task on."""
    things, people = world.things, world.people
    text, by, who = things["sections"]["input"], people["coordinator"], people["reviewer"]
    someone = things["concerned"]
    asked = builders.access_request(things["main"], someone, text, by, reviewer=who)
    task = builders.task(
        who, things["main"], by, kind=TaskKind.ACCESS_REVIEW, sections=[text], reason=word("taskreason"),
        until_at=CLOSES, accepted_at=clock.now() if world.clock in "CDE" else None,
    )  # fmt: skip
    with transaction() as session:
        request = session.get_one(AccessRequest, asked.request.id)
        request.answer, request.task_id = AnswerKind.PART, task.id
        part = session.get_one(AccessRequestPart, asked.part.id)
        part.grounds, part.text_hash = '[""]', judging.hash_of(word("input"))
        part.judged_by_id, part.judged_at = by.id, clock.now()
        view = session.get_one(SourceView, asked.view.id)
        view.opinion, view.answered_at = SourceOpinion.YES, clock.now()
        view.answered_by_id = people["representative"].id
    world.know("access_request_id", asked.request)
    world.know("part_id", asked.part)
    world.know("view_id", asked.view)
    things["review"] = asked.request


def _kept_out(world: Canaries) -> None:
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


def _invite(world: Canaries) -> None:
    """The calendar entries of everybody with a seat, sent while the meeting is still ahead."""
    from sqlalchemy import select

    from app.models import Invitation

    with transaction() as session:
        invited = {
            world.people[actor].id for actor in (*DISCLOSED, "seated elsewhere", "former holder")
        }
        queue_calendar(session, world.things["meeting"].id, invited)
    outbox.drain(most=1000)
    with transaction() as session:
        entries = session.scalars(select(Invitation)).all()
        session.expunge_all()
    own = next(one for one in entries if one.person_id == world.people["seat holder"].id)
    world.know("reply_id", builders.reply(own, world.things["table"], word("reply")))
    world.ids["invitation_id"] = [entry.id for entry in entries]
    world.things["invitations"] = {entry.person_id: entry.id for entry in entries}


def _publish(world: Canaries, *, accepted: bool) -> None:
    things = world.things
    with transaction() as session:
        meeting = session.get_one(Meeting, things["meeting"].id)
        meeting.published_at, meeting.opens_at, meeting.closes_at = PUBLISHED, OPENS, CLOSES
    if accepted:
        for actor in (*DISCLOSED, "seated elsewhere", "former holder", "former holder, no role"):
            builders.acceptance(world.people[actor], things["meeting"])
    _end_covenant(things)


def _end_covenant(things: dict[str, Any]) -> None:
    """One covenant ends between the invitation and the opening."""
    from sqlalchemy import update

    from app.models import Covenant

    with transaction() as session:
        session.execute(
            update(Covenant)
            .where(Covenant.organisation_id == things["lapsed"].id)
            .values(until_at=OPENS)
        )


def _discuss(world: Canaries) -> None:
    """What the meeting left: two decisions, actions with remarks, the minutes not yet adopted."""
    things, people = world.things, world.people
    main, by = things["main"], people["chair"].id
    with transaction() as session:
        meeting = session.get_one(Meeting, things["meeting"].id)
        meeting.started_at, meeting.closed_at = STARTS - timedelta(minutes=7), CLOSED
        item = session.get_one(AgendaItem, things["item"].id)
        session.get_one(Case, things["main"].id).state = CaseState.IN_PROGRESS
        item.opened_at, item.closed_at = STARTS, STARTS + timedelta(minutes=30)
        for seat in things["seats"].values():
            session.get_one(Seat, seat.id).presence = PresenceState.PRESENT
    everybody = [*things["seats"].values()]
    _decide(world, "decision", everybody)
    _decide(world, "otherdecision", [things["seats"]["staff only"]])
    for name, actor in (
        ("holder", "seat holder"),
        ("deputy", "deputy"),
        ("owner", "action owner"),
        ("told", "told action owner"),
    ):
        _act(world, name, people[actor])
    builders.action_disclosure(world.things["told"], people["told action owner"], people["chair"])
    builders.acceptance(people["told action owner"], things["meeting"])
    world.things["decided"] = (main, by)


def _decide(world: Canaries, name: str, to: list[Seat]) -> None:
    main, item = world.things["main"], world.things["item"]
    scope = KeyScope.of_case(main.id, RetentionClass.DECISIONS)
    decision_id = uuid.uuid4()
    made = builders.save(
        Decision(
            id=decision_id, item_id=item.id, case_id=main.id, kind=DecisionKind.AGREEMENT,
            text_ct=crypto.seal(scope, word(name), belongs_to=f"decision:{decision_id}:text"),
            dissent_ct=crypto.seal(scope, word(f"{name}dissent"), belongs_to=f"decision:{decision_id}:dissent"),
            recorded_by_id=world.people["chair"].id, recorded_at=STARTS + timedelta(minutes=20),
        )
    )  # fmt: skip
    builders.save_all(*(DecisionAddressee(decision_id=decision_id, seat_id=seat.id) for seat in to))
    world.know("decision_id", made)


def _act(world: Canaries, name: str, who: Person) -> None:
    things = world.things
    scope = KeyScope.of_case(things["main"].id, RetentionClass.DECISIONS)
    action_id, event_id = uuid.uuid4(), uuid.uuid4()

    def sealed(text: str, belongs_to: str) -> bytes:
        return crypto.seal(scope, text, belongs_to=belongs_to)

    made = builders.save(
        Action(
            id=action_id, item_id=things["item"].id, case_id=things["main"].id,
            table_id=things["table"].id, organisation_id=who.organisation_id, person_id=who.id,
            safe_ct=sealed(word(f"safe{name}"), f"action:{action_id}:safe"),
            full_ct=sealed(word(f"full{name}"), f"action:{action_id}:full"),
            due_on=(CLOSED + timedelta(days=30)).date(), state=ActionState.OPEN,
            recorded_by_id=world.people["chair"].id, recorded_at=CLOSED,
        )
    )  # fmt: skip
    builders.save(
        ActionEvent(
            id=event_id, action_id=action_id, at=CLOSED, state=ActionState.STARTED,
            remark_ct=sealed(word(f"remark{name}"), f"action_event:{event_id}:remark"),
            recorded_by_id=who.id,
        )
    )  # fmt: skip
    things[name] = world.know("action_id", made)
