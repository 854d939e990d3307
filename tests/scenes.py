"""One table at the moments its pages look different, with everything on it that a page can show."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.access.messages import leak_findings
from app.domain.kinds import (
    AccountState,
    CaseState,
    DecisionKind,
    InputAnswer,
    OrganisationKind,
    PowerfulChangeKind,
    PresenceState,
    Regime,
    TaskKind,
)
from app.features.accounts.links import make_link
from app.infra import clock, outbox
from app.infra.calendar_queue import queue_calendar
from app.infra.db import transaction
from app.infra.letters import About
from app.infra.outbox import OutboxRow
from app.models import (
    AgendaItem,
    Case,
    Invitation,
    InvitationItem,
    LeakFinding,
    Meeting,
    Person,
    PowerfulChange,
    ReadingAlarm,
    Room,
    Seat,
    TableTerm,
)
from tests import builders
from tests.builders import World

# Long words and long names are what breaks a narrow page.
SCHOOL = "Gezondheidsorganisatie Jeugdgezondheidszorg Deltaland-Noordwest"
SAFETY = (
    "Huiselijkgeweldsignalering door de wijkverpleegkundige. De kinderbeschermingsmaatregel is "
    "aangevraagd; de verblijfplaats is bij de voorlopigehechtenisbeoordeling bekend gemaakt."
)


@dataclass(frozen=True, slots=True)
class Scene:
    """Who is there and what there is, by the names that tests/looks.py uses."""

    people: dict[str, uuid.UUID]
    things: dict[str, object]


def build(at: str, mails) -> Scene:
    """The table at a moment; ``demo`` is the same as ``open``.

    draft: nothing published · unaccepted: published, confidentiality not accepted · asking:
    accepted, not yet said whether anybody is known · open: to be read · during: the meeting has begun, the case is being discussed · closed: minutes adopted.
    """
    world = builders.small_world(
        open_papers=at not in {"draft", "unaccepted"}, answered=at != "asking"
    )
    if at == "unaccepted":
        _change(
            world, published_at=clock.now(), opens_at=clock.now(), closes_at=world.meeting.ends_at
        )
    if at == "asking":
        builders.disclosure(world.police_seat, world.sections["identity"], world.coordinator)
    if at in {"during", "closed"}:
        _discuss(world)
    if at == "closed":
        _change(world, closed_at=clock.now(), adopted_at=clock.now())
    school = builders.organisation("JGZ", OrganisationKind.EDUCATION_HEALTH, name=SCHOOL)
    covenant = builders.covenant(school, world.table)
    attendee = builders.representative(school, world.table, "J. Groen")
    builders.seat(world.item, school, attendee, invited=at != "draft")
    builders.section(world.case, world.types["safety"], school, SAFETY)
    standard = builders.standard(
        world.table, OrganisationKind.EDUCATION_HEALTH, world.types["safety"]
    )
    # One that is on no agenda yet.
    builders.case(world.table, world.police_organisation)
    things = _ids(world) | _input(world) | _records(world) | _tasks(world)
    _wait_for_others(world)
    room = builders.save(Room(name="Zaal 2", address="Stadhuis, Markt 1"))
    things |= {
        "school": school.id,
        "covenant": covenant.id,
        "standard": standard.id,
        "room": room.id,
    }
    things["mail"] = _mail(world, mails)
    _refused_mail(world)
    things["reply"] = _reply(world)
    things["series"] = builders.series(world.table).id
    things |= _past_its_term(world)
    things["closure"] = builders.closure(world.table, first_on=date(2026, 6, 29)).id
    people = _people(world)
    things["reading"] = _emergency(world, people["officer"])
    invited = builders.person(world.host, "I. Uitgenodigd", state=AccountState.INVITED)
    with transaction() as session:
        things["token"] = make_link(session, invited.id)
    things |= _asked_for_access(world, people["officer"])
    return Scene(people, things)


def _asked_for_access(world: World, officer_id: uuid.UUID) -> dict[str, object]:
    """A request in preparation, one under review, and one whose answer may be sent."""
    with transaction() as session:
        officer = session.get_one(Person, officer_id)
    given = (world.case, world.concerned, world.sections["reason"], world.coordinator)
    asked = builders.access_request(*given)
    reviewed = builders.access_request(*given, reviewer=officer)
    answered = builders.access_request(*given, reviewer=officer, approved=True)
    return {
        "access_request": asked.request.id, "part": asked.part.id, "view": asked.view.id,
        "reviewed": reviewed.request.id, "answered": answered.request.id,
    }  # fmt: skip


def _past_its_term(world: World) -> dict[str, object]:
    """A case that is to be destroyed, and one of which a part was."""
    old = builders.ended_case(world.table, world.host)
    waiting = builders.retention_run(world.coordinator, old)
    done = builders.retention_run(world.coordinator, old, confirmed_by=world.chair)
    longer = {"table_id": world.table.id, "subject": "keep-summary", "amount": 9}
    builders.save(
        TableTerm(**longer, proposed_by_id=world.administrator.id, proposed_at=clock.now())
    )
    return {"old_case": old.id, "run": waiting.id, "done_run": done.id}


def _reply(world: World) -> uuid.UUID:
    """The police answered by mail that somebody else should come, and wrote why."""
    entry = Invitation(
        id=uuid.uuid4(), meeting_id=world.meeting.id, person_id=world.police.id,
        uid=str(uuid.uuid4()), starts_at=world.item.starts_at, ends_at=world.item.ends_at,
        changed_at=clock.now(),
    )  # fmt: skip
    builders.save(entry)
    builders.save(InvitationItem(invitation_id=entry.id, item_id=world.item.id))
    made = builders.reply(
        entry, world.table, SAFETY, delegated_to="c.jansen.wijkagent@politie-deltaland.example"
    )
    return made.id


def _emergency(world: World, officer_id: uuid.UUID) -> uuid.UUID:
    """The privacy officer opened the case just now, and somebody else opened many."""
    with transaction() as session:
        officer = session.get_one(Person, officer_id)
        session.expunge(officer)
    builders.save(
        ReadingAlarm(
            person_id=world.care.id, table_id=world.table.id, noted_at=clock.now(), cases=27
        )
    )
    return builders.emergency(officer, world.case, reason=SAFETY).id


def _people(world: World) -> dict[str, uuid.UUID]:
    named = ("chair", "coordinator", "police", "care", "administrator")
    officer = builders.person(world.host, "F. Gegevens", is_privacy_officer=True)
    newcomer = builders.person(world.host, "N. Nieuw")
    people = {name: getattr(world, name).id for name in named}
    people |= {"holder": world.police_colleague.id, "stranger": world.stranger.id}
    return people | {"officer": officer.id, "half way": world.care.id, "enrolling": newcomer.id}


def _ids(world: World) -> dict[str, object]:
    rows = {
        "meeting": world.meeting, "item": world.item, "case": world.case, "host": world.host,
        "table": world.table, "police": world.police, "police_seat": world.police_seat,
        "care_seat": world.care_seat, "concerned": world.concerned,
        "section": world.sections["safety"], "type": world.types["safety"],
    }  # fmt: skip
    return {name: row.id for name, row in rows.items()}


def _change(world: World, **moments: datetime) -> None:
    with transaction() as session:
        meeting = session.get_one(Meeting, world.meeting.id)
        for name, moment in moments.items():
            setattr(meeting, name, moment)


def _discuss(world: World) -> None:
    _change(world, started_at=clock.now())
    with transaction() as session:
        session.get_one(AgendaItem, world.item.id).opened_at = clock.now()
        session.get_one(Case, world.case.id).state = CaseState.IN_PROGRESS
        session.get_one(Seat, world.police_seat.id).presence = PresenceState.PRESENT


def _input(world: World) -> dict[str, object]:
    """Input asked, input taken down by telephone, and input given."""
    police, of = world.police, world.police_organisation
    given = builders.section(world.case, world.types["input"], of, "Ons eigen verslag.")
    second = builders.item(world.meeting, world.second_case, after=world.second_item)
    seat = builders.seat(second, of, police)
    said = builders.input_request(
        seat, world.coordinator, answer=InputAnswer.NOTHING_PARTICULAR, answered_at=clock.now(),
        answered_by_id=police.id, recorded_by_id=world.coordinator.id,
    )  # fmt: skip
    asked = builders.input_request(world.police_seat, world.coordinator)
    return {"asked": asked.id, "said": said.id, "input": given.id}


def _records(world: World) -> dict[str, object]:
    decided = builders.decision(
        world.item, world.chair, "De gemeente voert de regie.", to=[world.police_seat],
        dissent="GGZ Delta wil eerst overleg.",
    )  # fmt: skip
    action = builders.action(
        world.item, world.police_organisation, world.police, world.chair, safe="Overzicht maken",
        full="Aangifte en eerdere meldingen op een rij zetten.",
    )  # fmt: skip
    late = clock.now().date() - timedelta(days=3)
    builders.action(world.item, world.care_organisation, world.care, world.chair, due_on=late)
    outside = builders.bystander(world.item, world.case, "M. Extern, GGD", world.chair)
    return {"decision": decided.id, "action": action.id, "bystander": outside.id}


def _tasks(world: World) -> dict[str, object]:
    """Tasks to accept, of which one at an item, one that asks whom one knows, a lead, an offer."""
    holder, by, now = world.police_colleague, world.coordinator, clock.now()
    plan = builders.section_type(world.table, "plan", "Plan van aanpak", 8, is_plan=True)
    builders.section(world.case, plan, world.host, SAFETY)
    builders.decision(
        world.item, world.chair, "Bij onraad belt de buurvrouw 112.",
        kind=DecisionKind.SAFETY_AGREEMENT,
    )  # fmt: skip
    health, reason, identity = (world.sections[one] for one in ("health", "reason", "identity"))
    made = {
        "task": builders.task(holder, world.case, by, sections=[health, reason], reason=SAFETY),
        "asking_task": builders.task(
            holder, world.case, by, sections=[identity, reason], accepted_at=now
        ),
        "coming_task": builders.task(
            holder, world.case, by, kind=TaskKind.GUEST, sections=[reason], item_id=world.item.id
        ),
        "lead": builders.task(
            holder, world.case, by, kind=TaskKind.CASE_LEAD, sections=[reason], opens_question=True,
            accepted_at=now,
        ),
        "offered": builders.task(
            world.stranger, world.case, by, kind=TaskKind.HANDOVER, sections=[reason],
            opens_question=True, to_table_id=world.other_table.id, accepted_at=now,
        ),
    }  # fmt: skip
    return {name: one.id for name, one in made.items()}


def _wait_for_others(world: World) -> None:
    """Two sections that their source decides about, and a change that a second person confirms."""
    for regime, name in (
        (Regime.WPG, "reason"),
        (Regime.MEDICAL, "health"),
        (Regime.MEDICAL, "safety"),
    ):
        held = builders.section(
            world.case, world.types[name], world.police_organisation, regime=regime
        )
        builders.disclosure(world.care_seat, held, world.coordinator)
    for kind in (PowerfulChangeKind.APPOINT_COORDINATOR, PowerfulChangeKind.RESET_SECOND_FACTOR):
        builders.save(
            PowerfulChange(
                kind=kind, table_id=world.table.id, subject_id=world.police_colleague.id,
                requested_by_id=world.administrator.id, requested_at=clock.now(),
            )
        )  # fmt: skip


def _refused_mail(world: World) -> None:
    """Messages that did not arrive, each for a reason of its own, and a place that was left out."""
    reasons = ("recipient-550", "unreachable", "leak-file")
    rows = [
        builders.save(
            OutboxRow(
                kind="calendar.send", unique_key=f"refused:{reason}", payload="{}",
                person_id=who.id, meeting_id=world.meeting.id, created_at=clock.now(),
                available_at=clock.now(), attempts=1, reason=reason, dead_at=clock.now(),
            )
        )
        for who, reason in zip((world.police, world.care, world.care), reasons, strict=True)
    ]  # fmt: skip
    about = About(meeting_id=world.meeting.id)
    leak_findings.note(about, "leak-place", world.meeting.place, [world.case.id])
    builders.save(
        LeakFinding(
            at=clock.now(), case_id=world.case.id, meeting_id=world.meeting.id,
            outbox_id=rows[-1].id, place="leak-file", text_hash=b"0" * 32,
        )
    )  # fmt: skip


def _mail(world: World, mails) -> str:
    """The name of a mail with a calendar part; the queue is emptied for it."""
    with transaction() as session:
        queue_calendar(session, world.meeting.id, {world.police.id})
    outbox.drain(most=100)
    return str(mails(recipient=world.police.email)[0].name)
