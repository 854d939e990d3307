"""One table at the moments its pages look different, with everything on it that a page can show."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.access.case_life import new_facts
from app.access.messages import leak_findings
from app.domain.kinds import (
    AccountState,
    ActionState,
    CallOutcome,
    CaseState,
    Chain,
    Channel,
    ConcernedRole,
    ContactPart,
    DecisionKind,
    FamilyPart,
    FamilyRole,
    InputAnswer,
    NoticeStep,
    OrganisationKind,
    Phase,
    PowerfulChangeKind,
    PresenceState,
    ReferralState,
    Regime,
    TableKind,
    TableRoleName,
    TaskKind,
    Urgency,
)
from app.domain.presets import SHIPPED
from app.domain.referral_drafts import Choice, Draft, Household, Matter, Member, Met, Step
from app.domain.table_chooser import Signs
from app.features.accounts import recovery_links
from app.features.accounts.links import make_link, repeat_link
from app.features.recertification import rounds
from app.infra import clock, outbox
from app.infra.calendar_queue import queue_calendar
from app.infra.db import transaction
from app.infra.letters import About
from app.infra.outbox import OutboxRow
from app.models import (
    AgendaItem,
    BringingTransfer,
    Bystander,
    Call,
    Case,
    CaseClock,
    CaseReview,
    CaseTable,
    ExclusionOrder,
    ExitMark,
    FamilyAttendance,
    HouseholdCase,
    IdentityProvider,
    Informing,
    Invitation,
    InvitationItem,
    LeakFinding,
    Meeting,
    NewFact,
    OrganisationContact,
    Person,
    PhaseChange,
    PowerfulChange,
    ReadingAlarm,
    Referral,
    Room,
    Screening,
    Seat,
    TableContact,
    TableTerm,
)
from tests import accounts, builders, copies, minutes, referring, surveys, zsm
from tests.actions import ask_time, paused, told, verified_at
from tests.builders import World
from tests.triage import refer

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
    accepted, not yet said whether anybody is known · open: to be read · during: the meeting has begun, the case is being discussed · ended: it is over, minutes wait for the chair · correcting: the same, minutes can be corrected · closed: minutes adopted.
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
    if at in {"during", "ended", "correcting", "closed"}:
        _discuss(world)
    if at == "ended":
        _change(world, closed_at=clock.now())
    if at == "correcting":
        until = clock.now() + timedelta(days=3)
        _change(world, closed_at=clock.now(), corrections_until_at=until)
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
    things = _ids(world) | _input(world) | _records(world) | _tasks(world) | _minuted(world)
    _wait_for_others(world)
    _calls(world)
    room = builders.save(Room(name="Zaal 2", address="Stadhuis, Markt 1"))
    provider = IdentityProvider(
        organisation_id=school.id, name="School", issuer="https://inloggen.school.example",
        client_id="casustafel", domains="school.example", made_at=clock.now(),
    )  # fmt: skip
    things |= {
        "school": school.id,
        "provider": builders.save(provider).id,
        "covenant": covenant.id,
        "standard": standard.id,
        "room": room.id,
    }
    things["mail"] = _mail(world, mails)
    _refused_mail(world)
    things["reply"] = _reply(world)
    things["print_run"] = builders.print_run(
        world.meeting, world.police_seat, world.police, world.chair, SAFETY
    ).id
    things["copy"] = copies.ready(world.coordinator, [things["action"]]).id
    things["no_copy"] = copies.failed(world.coordinator).id
    things["own_copy"] = copies.under_way(world.police).id
    things["police_organisation"] = world.police_organisation.id
    things["role"] = _standing_deputy(world)
    things["gone"] = _left_open(world)
    things["colleague"] = _who_works_there(world)
    things["series"] = builders.series(world.table).id
    things |= _past_its_term(world)
    things["closure"] = builders.closure(world.table, first_on=date(2026, 6, 29)).id
    things["plan_type"] = _planned(world)
    things["order_case"] = _order(world)
    things |= _referrals(world)
    things |= _day_list(world)
    things["screening_table"] = _acute(world)
    things["transfer"] = _one_family(world)
    things["fact"] = _between(world)
    things["survey"] = surveys.asked(world.table, [world.police], world.coordinator).id
    people = _people(world)
    things["reading"] = _emergency(world, people["officer"])
    invited = builders.person(world.host, "I. Uitgenodigd", state=AccountState.INVITED)
    with transaction() as session:
        things["token"] = make_link(session, invited.id)
    things["recovery_token"] = _recovering(world)
    things |= _asked_for_access(world, people["officer"])
    return Scene(people, things)


def _recovering(world: World) -> str | None:
    """The link in the mail of somebody who had a passkey alone, and has recovery codes."""
    somebody = builders.person(world.host, "R. Sleutelloos")
    accounts.recovery_code(somebody)
    with transaction() as session:
        return repeat_link(session, somebody.id, "mail", purpose=recovery_links.PURPOSE)


def _between(world: World) -> uuid.UUID:
    """Danger the police told of, answered to it alone, and a child who was heard before."""
    fact_id, now = uuid.uuid4(), clock.now()
    texts = {"what_ct": SAFETY, "source_ct": SCHOOL, "answer_ct": SAFETY}
    builders.save_all(
        NewFact(
            id=fact_id, case_id=world.case.id, table_id=world.table.id,
            reported_by_id=world.police.id, organisation_id=world.police_organisation.id,
            is_danger=True, happened_at=now, reported_at=now,
            **{
                name: new_facts.seal(world.case.id, fact_id, name.removesuffix("_ct"), text)
                for name, text in texts.items()
            },
        ),
        Informing(
            case_id=world.case.id, person_concerned_id=world.concerned.id, recorded_at=now,
            reconsider_on=clock.today(), recorded_by_id=world.chair.id,
        ),
        FamilyAttendance(
            item_id=world.item.id, case_id=world.case.id, role=FamilyRole.CHILD,
            part=FamilyPart.HEARD_BEFORE, recorded_by_id=world.chair.id, recorded_at=now,
        ),
    )  # fmt: skip
    return fact_id


def _planned(world: World) -> uuid.UUID:
    """A plan with two criteria to end by, one of which is met, a phase and a review; its heading."""
    exit_type = builders.section_type(world.table, "exit", "Afsluitcriteria", 8, is_plan=True)
    plan_type = builders.section_type(world.table, "plan", "Plan in grote lijn", 9, is_plan=True)
    by, now = world.coordinator.id, clock.now()
    met = builders.section(world.case, exit_type, world.police_organisation, SAFETY)
    builders.section(world.case, exit_type, world.care_organisation, SAFETY)
    builders.section(world.case, plan_type, world.care_organisation, SAFETY)
    builders.save(ExitMark(section_id=met.id, met_at=now, met_by_id=by))
    for days, phase in ((40, Phase.DIRECT_SAFETY), (9, Phase.STABLE_SAFETY)):
        since = now - timedelta(days=days)
        builders.save(PhaseChange(case_id=world.case.id, phase=phase, from_at=since, set_by_id=by))
    builders.save(
        CaseReview(
            case_id=world.case.id, due_on=clock.today(), every_weeks=6, set_by_id=by, set_at=now
        )
    )
    return plan_type.id


def _day_list(world: World) -> dict[str, object]:
    """The other table works with a day list; its line of today that came to something."""
    with transaction() as session:
        session.get_one(CaseTable, world.other_table.id).kind = TableKind.ZSM
    line = zsm.add_list(world.other_table, world.police_organisation, world.stranger)
    return {
        "zsm_table": world.other_table.id,
        "zsm_day": clock.today().isoformat(),
        "zsm_line": line.id,
    }


def _acute(world: World) -> uuid.UUID:
    """A report from the spot that was handed over at once, and a day's list with a line of each kind."""
    spot = builders.table("Samen op in Acuut Deltaland", "ACU", kind=TableKind.ON_THE_SPOT)
    screening = builders.table("Spoedteam Deltaland", "SPO", kind=TableKind.SCREENING)
    builders.role(world.police_colleague, spot, TableRoleName.REPRESENTATIVE)
    builders.role(world.stranger, screening, TableRoleName.COORDINATOR)
    now, people = clock.now(), (world.police_colleague.id, world.police_organisation.id)
    for passed_on_at in (now, None):
        case = builders.case(spot, world.police_organisation)
        builders.save(
            Referral(
                case_id=case.id, table_id=screening.id, person_id=people[0],
                organisation_id=people[1], state=ReferralState.SENT, channel=Channel.ON_THE_SPOT,
                started_at=now, changed_at=now, sent_at=now, due_at=now, passed_on_at=passed_on_at,
            )
        )  # fmt: skip
    for number, (is_urgent, picked_up_at) in enumerate(
        ((True, now), (True, None), (False, None)), 1
    ):
        case = builders.case(screening, world.host, imported_number=f"VT-2026-00{number}")
        builders.save(
            Screening(
                case_id=case.id, table_id=screening.id, listed_on=clock.today(), is_urgent=is_urgent,
                listed_by_id=world.stranger.id, picked_up_at=picked_up_at,
                picked_up_by_id=world.stranger.id if picked_up_at else None,
            )
        )  # fmt: skip
        if number == 1:
            builders.handover(case, world.stranger, to_team=world.care_organisation)
        if number == 3:
            builders.exclusion(world.stranger, case, world.stranger)
    return screening.id


def _order(world: World) -> uuid.UUID:
    """The case of an exclusion order that was served the day before; its table is led by the same."""
    at = builders.table("Huisverbod Deltaland", "HVB", kind=TableKind.EXCLUSION_ORDER)
    builders.covenant(world.host, at)
    for who, name in (
        (world.chair, TableRoleName.CHAIR),
        (world.coordinator, TableRoleName.COORDINATOR),
    ):
        builders.role(who, at, name)
    case = builders.case(at, world.host)
    now = clock.now()
    builders.save(
        ExclusionOrder(
            case_id=case.id,
            table_id=at.id,
            served_at=now - timedelta(days=1),
            ends_at=now + timedelta(days=9),
            recorded_by_id=world.coordinator.id,
        )
    )
    for day in (3, 7, 8, 10):
        builders.save(
            CaseClock(
                case_id=case.id,
                table_id=at.id,
                code=f"day-{day}",
                started_at=now - timedelta(days=1),
                due_at=now + timedelta(days=day - 1),
                met_at=now if day == 3 else None,
            )
        )
    return case.id


def _calls(world: World) -> None:
    """Two to call of the police; the first did not answer, somebody of the care comes by telephone."""
    desk = {"person_id": None, "name": "Regionale meldkamer, bureau huiselijkgeweldsignalering"}
    for position, (of, more) in enumerate(
        (
            (world.police_organisation, {"person_id": world.police.id}),
            (world.police_organisation, desk),
            (world.care_organisation, desk),
        ),
        1,
    ):
        contact = TableContact(
            id=uuid.uuid4(), table_id=world.table.id, organisation_id=of.id, position=position,
            phone=f"088-123456{position}", **more,
        )  # fmt: skip
        builders.save(contact)
        called = {
            1: (world.police_seat, CallOutcome.NO_ANSWER),
            3: (world.second_care_seat, CallOutcome.BY_TELEPHONE),
        }.get(position)
        if called is not None:
            builders.save(
                Call(
                    meeting_id=world.meeting.id, seat_id=called[0].id, contact_id=contact.id,
                    outcome=called[1], at=clock.now(), recorded_by_id=world.coordinator.id,
                )
            )  # fmt: skip


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


def _one_family(world: World) -> uuid.UUID:
    """Two cases of one household; of the second the police are asked to become the bringing partner."""
    now, by, household = clock.now(), world.coordinator.id, uuid.uuid4()
    builders.concerned(world.second_case, label="Grootmoeder van moederszijde (inwonend)")
    builders.save_all(
        *(
            HouseholdCase(household_id=household, case_id=one.id, linked_by_id=by, linked_at=now)
            for one in (world.case, world.second_case)
        )
    )
    transfer = BringingTransfer(
        case_id=world.second_case.id, table_id=world.table.id, proposed_by_id=by, proposed_at=now,
        from_organisation_id=world.care_organisation.id,
        to_organisation_id=world.police_organisation.id,
    )  # fmt: skip
    return builders.save(transfer).id


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
        "second_item": world.second_item,
        "section": world.sections["safety"], "type": world.types["safety"],
    }  # fmt: skip
    return {name: row.id for name, row in rows.items()}


def _who_works_there(world: World) -> object:
    """The police is contact of its organisation, and asked of everybody who works there."""
    builders.save(
        OrganisationContact(
            organisation_id=world.police_organisation.id, person_id=world.police.id,
            part=ContactPart.CONTACT, from_at=builders.LONG_AGO,
        )
    )  # fmt: skip
    rounds.look()
    return world.police_colleague.id


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
        over = session.get_one(AgendaItem, world.second_item.id)
        over.opened_at = over.closed_at = clock.now()
    let_in = builders.bystander(world.second_item, world.second_case, "N. Buiten", world.chair)
    with transaction() as session:
        settled = session.get_one(Bystander, let_in.id)
        settled.is_admitted, settled.settled_at = True, clock.now()


def _standing_deputy(world: World) -> object:
    """A standing deputy of the police until a day; gives the role."""
    who = builders.person(world.police_organisation, "V. Vervanger")
    ends_at = clock.now() + timedelta(days=90)
    return builders.role(who, world.table, TableRoleName.DEPUTY, until_at=ends_at).id


def _left_open(world: World) -> object:
    """Somebody of the police who left, with an action and a task; gives whom."""
    who = builders.person(world.police_organisation, "L. Vertrokken", state=AccountState.LEFT)
    builders.action(world.item, world.police_organisation, who, world.chair)
    builders.task(who, world.case, world.coordinator)
    return who.id


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
        full="Aangifte en eerdere meldingen op een rij zetten.", step=1, chain=Chain.JUSTICE,
        due_at=clock.now() + timedelta(days=21, hours=2),
    )  # fmt: skip
    late = clock.now().date() - timedelta(days=3)
    stays = builders.action(
        world.item, world.care_organisation, world.care, world.chair, due_on=late, step=2,
        chain=Chain.CARE,
    )  # fmt: skip
    told(stays, world.care, NoticeStep.ON_THE_DAY)
    told(action, world.police, NoticeStep.BEFORE, days=3)
    told(action, world.police, NoticeStep.CONTACT, days=7)
    asked = builders.action(world.item, world.care_organisation, world.care, world.chair)
    ask_time(asked, world.care, until_on=late + timedelta(days=40), why=SAFETY)
    paused(asked, world.coordinator)
    builders.save(
        OrganisationContact(
            organisation_id=world.police_organisation.id, person_id=world.police_colleague.id,
            part=ContactPart.TEAM_LEAD, from_at=builders.LONG_AGO,
        )
    )  # fmt: skip
    before = builders.item(
        builders.meeting(world.table, starts_at=clock.now() - timedelta(days=14)), world.case
    )
    carried = builders.action(
        before, world.care_organisation, None, world.chair, due_on=late, safe="Terugbellen",
        full="Bel de huisarts over de afspraak.", recorded_at=clock.now() - timedelta(days=14),
    )  # fmt: skip
    builders.representative(world.police_organisation, world.table, "P. Overname")
    outside = builders.bystander(world.item, world.case, "M. Extern, GGD", world.chair)
    verified_at(world.table, world.coordinator)
    builders.action(
        world.item, world.care_organisation, None, world.chair, state=ActionState.DONE,
        finished_at=clock.now(),
    )  # fmt: skip
    return {
        "decision": decided.id,
        "action": action.id,
        "asked_action": asked.id,
        "carried": carried.id,
        "bystander": outside.id,
    }


def _minuted(world: World) -> dict[str, object]:
    """A note, an oral explanation, an addition, and corrections: one answered, one that waits."""
    to, at, by = [world.police_seat], world.item, world.chair
    note = minutes.note(at, by, SAFETY, to)
    minutes.oral(at, world.care_seat, by)
    minutes.addendum(at, by, SAFETY, to)
    minutes.correction(at, world.police, SAFETY, answer="Dat is zo overgenomen.")
    return {"correction": minutes.correction(at, world.police, SAFETY).id, "note": note.id}


def _tasks(world: World) -> dict[str, object]:
    """Tasks to accept, of which one at an item, one that asks whom one knows, a lead, an offer."""
    holder, by, now = world.police_colleague, world.coordinator, clock.now()
    plan = builders.section_type(world.table, "approach", "Plan van aanpak", 8, is_plan=True)
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
        "minuted": builders.task(
            holder, world.case, by, kind=TaskKind.SECRETARY, sections=[reason], accepted_at=now,
            item_id=world.item.id,
        ),
        "lead": builders.task(
            holder, world.case, by, kind=TaskKind.CASE_LEAD, sections=[reason], opens_question=True,
            accepted_at=now,
        ),
        "offered": builders.offer(
            world.stranger, builders.handover(world.second_case, by, to_table=world.other_table),
            world.second_case, by, opens_question=True, accepted_at=now,
        ),
    }  # fmt: skip
    return {name: one.id for name, one in made.items()}


def _referrals(world: World) -> dict[str, object]:
    """A draft that misses nothing, and an acute one that was sent and about which is asked back."""
    holder = world.police_colleague
    members = tuple(
        Member(role, label, "Wilhelmina van Oudeschans-Achterhuis", "1990-12-03")
        for role, label in ((ConcernedRole.VICTIM, "moeder"), (ConcernedRole.CHILD, "kind 1 (geb. 2016)"))
    )  # fmt: skip
    draft = Draft(
        choice=Choice(Signs(acute=True, stuck=True), str(world.table.id)),
        matter=Matter(builders.QUESTION, SAFETY, SAFETY, urgency=Urgency.SOON),
        met=Met("mda", 0, tuple(one.code for one in SHIPPED["mda"].criteria)),
        household=Household(members, informed=False, reason=SAFETY, partners=(str(world.host.id),)),
        saved={one.value: 1 for one in Step},
    )
    acute = {"urgency": Urgency.ACUTE, "state": ReferralState.RETURNED}
    sent = refer(world.table, holder, world.police_organisation, **acute)
    referring.asked_back(sent.referral, sent.case.id, world.coordinator, SAFETY)
    return {
        "draft": referring.drafted(holder, world.table, draft).id,
        "own_referral": sent.referral.id,
    }


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
