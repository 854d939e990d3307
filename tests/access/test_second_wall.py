"""PostgreSQL shows each person exactly what ``access`` shows, also to a statement with no filter.

What is expected is asked of app/access; what comes is a bare SELECT * of the application role.
"""

import uuid
from collections import defaultdict
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select, text, union

from app.access import case_scopes, grounds, load_actor, scopes
from app.access.actor import Actor
from app.access.lifecycle import access_requests, retention
from app.access.loaders import OwnRequest, OwnSeat
from app.access.meetings import source_decisions
from app.access.messages import replies as stored_replies
from app.access.oversight import emergency, emergency_review
from app.access.records import extracts
from app.access.seats import acquaintances
from app.access.seats import input_requests as requests
from app.access.tasks import case_lead, giving
from app.domain.errors import NotVisible
from app.domain.kinds import DecisionKind, TaskKind
from app.infra import clock, crypto, wall
from app.infra.db import reading, transaction
from app.models import (
    AccessRequest,
    Action,
    ActionEvent,
    AgendaItem,
    BreakGlass,
    Bystander,
    Case,
    Decision,
    Draft,
    EmergencyReview,
    Exclusion,
    InputRequest,
    Invitation,
    LegalHold,
    LegalHoldReason,
    Meeting,
    PersonConcerned,
    Reply,
    ReviewRemark,
    Seat,
    SeatProposal,
    Section,
    SourceView,
    Task,
)
from tests import builders, canaries, databases
from tests.canaries import MOMENTS, Canaries

TICK = timedelta(microseconds=1)
# Before publication, in the window, after it; and in the deep run every moment something turns.
CLOCKS = [MOMENTS[one] for one in "ACE"]
EVERY_CLOCK = [*MOMENTS.values(), canaries.PUBLISHED, canaries.OPENS - TICK, canaries.OPENS,
               canaries.STARTS - timedelta(hours=4), canaries.CLOSES - TICK, canaries.CLOSES]  # fmt: skip

Seen = dict[str, set[uuid.UUID]]


@pytest.fixture
def database(postgresql):
    """SQLite has no second wall."""
    postgresql.empty()
    return postgresql


@pytest.fixture
def world(app, frozen_clock, deep: bool) -> Canaries:
    """Everything there is at the end, to be looked at at every clock."""
    made = canaries.build("E", frozen_clock)
    _more(made)
    return made


def _more(world: Canaries) -> None:
    """A draft of everybody, answers by mail, and a case that has moved to the other table."""
    with builders.together():
        for who in world.people.values():
            sealed = crypto.seal(crypto.DRAFTS, "[]", belongs_to=f"draft:{who.id}")
            builders.save(
                Draft(person_id=who.id, form_key="/", fields_ct=sealed, expires_at=clock.now())
            )
        things, people = world.things, world.people
        moved = builders.case(things["other"], things["host"])
        before = builders.item(things["meeting"], moved, after=things["second_item"])
        seat = builders.seat(before, things["source"], people["seat holder"])
        builders.decision(before, people["chair"], to=[seat])
        builders.decision(things["item"], people["chair"], kind=DecisionKind.SAFETY_AGREEMENT)
        builders.decision(before, people["chair"], deleted_at=clock.now())
        section = builders.section(moved, things["other_types"]["reason"], things["source"])
        builders.disclosure(seat, section, people["chair"])
        officer = people["privacy officer"]
        builders.exclusion(officer, things["second"], people["chair"], reason="x")
        about = (things["second"], builders.concerned(things["second"]))
        what = things["sections"]["secondreason"]
        builders.access_request(*about, what, people["coordinator"], reviewer=officer)
        builders.save(LegalHoldReason(hold_id=_hold(things["main"], people).id, text_ct=b"x"))
        lifted = _hold(moved, people, lifted_at=clock.now())
        builders.save(LegalHoldReason(hold_id=lifted.id, text_ct=b"x"))
    with transaction() as session:
        for one in session.scalars(select(BreakGlass)).all():
            session.add(EmergencyReview(reading_id=one.id, text_ct=b"x"))
        for asked in session.scalars(select(AccessRequest)).all():
            session.add(ReviewRemark(request_id=asked.id, text_ct=b"x"))
            asked.closed_at = clock.now() if asked.approved else None
        for entry in session.scalars(select(Invitation)).all():
            session.add(
                Reply(
                    key_hash=uuid.uuid4().hex, received_at=clock.now(), said_at=clock.now(),
                    state="held", uid=entry.uid, table_id=things["table"].id,
                    meeting_id=entry.meeting_id, invitation_id=entry.id,
                    person_id=entry.person_id, participation="declined",
                )
            )  # fmt: skip


def _hold(case: Case, people, **more) -> LegalHold:
    chair = people["chair"].id
    return builders.save(
        LegalHold(case_id=case.id, placed_by_id=chair, placed_at=clock.now(), **more)
    )


def raw(who: uuid.UUID | None) -> Seen:
    """Every key of every covered table, as ``who`` in a statement without any condition."""
    seen: Seen = {}
    with wall.acting_as(who), reading() as session:
        for table in sorted(wall.COVERED):
            rows = session.execute(text(f'SELECT * FROM "{table}"')).all()
            seen[table] = {row[0] for row in rows}
    return seen


def by_access(who: uuid.UUID) -> Seen:
    """The same by the functions of app/access, with nothing in their way."""
    now = clock.now()
    seen: Seen = defaultdict(set)
    with transaction() as session:
        try:
            actor = load_actor(session, who, now=now)
        except NotVisible:
            return seen
        seen["draft"] = set(session.scalars(select(Draft.id).where(Draft.person_id == who)))
        if actor.is_administrator:
            return seen
        _cases(session, actor, now, seen)
        _sections(session, actor, now, seen)
        _records(session, actor, now, seen)
        _of_staff(session, actor, now, seen)
        _reasons(session, actor, now, seen)
        _in_an_emergency(session, actor, now, seen)
        session.rollback()
    return seen


def _cases(session, actor: Actor, now, seen: Seen) -> None:
    statements = (
        scopes.staff_cases(actor, now=now),
        scopes.staff_decisions(actor, now=now),
        scopes.staff_actions(actor, now=now),
        scopes.own_slots(actor, now=now),
        scopes.own_requests(actor, now=now),
        scopes.own_decisions(actor, now=now),
        scopes.own_actions(actor, now=now),
        scopes.visible_sections(actor, now=now),
        source_decisions.seats_waiting(actor, now=now),
        grounds.own_tasks(actor, now=now),
        case_lead.led_actions(actor, now=now),
    )
    cases = union(*(statement.with_only_columns(Case.id) for statement in statements))
    seen["case"] |= set(session.scalars(cases))
    for meeting_id in session.scalars(select(Meeting.id).where(Meeting.closed_at.is_not(None))):
        kept = extracts._items(session, actor, meeting_id, now, None)
        seen["case"] |= {row.Case.id for row in kept}
        items = {row.AgendaItem.id: row for row in kept}
        rows = extracts._actions(session, actor, items, now)
        seen["action"] |= {row.Action.id for row in rows}


def _sections(session, actor: Actor, now, seen: Seen) -> None:
    visible = scopes.visible_sections(actor, now=now).with_only_columns(Section.id)
    seen["section"] |= set(session.scalars(visible))
    slots = scopes.own_slots(actor, now=now).add_columns(Case.id.label("case_id"))
    for row in session.execute(slots).all():
        try:
            acquaintances.load_asking_seat(
                session, actor, row.Seat.id, acquaintances.Permission.OWN_MEETING
            )
        except NotVisible:
            continue
        own = OwnSeat(row.Seat, row.SeatHold, row.AgendaItem, row.Meeting, row.case_id)
        shown = acquaintances.identities_of_seat(session, own)
        seen["section"] |= {one.section_id for one in shown}
    for row in session.execute(scopes.own_requests(actor, now=now)).all():
        own = OwnRequest(row.InputRequest, row.AgendaItem, row.Case)
        if _is_open(own.request, now):
            stage = acquaintances.stage_of(session, actor, own, now=now)
            if stage is not acquaintances.Stage.CONFIDENTIALITY:
                shown = acquaintances.identities_of_request(session, own)
                seen["section"] |= {one.section_id for one in shown}
        try:
            said = requests.load_said_request(session, actor, own.request.id)
        except NotVisible:
            continue
        given = requests.given_section(session, said)
        seen["section"] |= {given.id} if given else set()


def _is_open(request: InputRequest, now) -> bool:
    return request.answered_at is None and request.deadline_at > now


def _records(session, actor: Actor, now, seen: Seen) -> None:
    led = case_lead.led_actions(actor, now=now).with_only_columns(Action.id)
    seen["action"] |= set(session.scalars(led))
    for scope in (scopes.own_decisions, scopes.staff_decisions, case_lead.led_agreements):
        found = scope(actor, now=now).with_only_columns(Decision.id)
        seen["decision"] |= set(session.scalars(found))
    for scope in (scopes.own_actions, scopes.staff_actions):
        held = set(session.scalars(scope(actor, now=now).with_only_columns(Action.id)))
        seen["action"] |= held
        events = select(ActionEvent.id).where(ActionEvent.action_id.in_(held))
        seen["action_event"] |= set(session.scalars(events))


def _of_staff(session, actor: Actor, now, seen: Seen) -> None:
    concerned = case_scopes.staff_concerned(actor, now=now).with_only_columns(PersonConcerned.id)
    seen["person_concerned"] |= set(session.scalars(concerned))
    cases = scopes.staff_cases(actor, now=now).with_only_columns(Case.id)
    kept_out = select(Exclusion.id).where(Exclusion.case_id.in_(cases))
    seen["exclusion_reason"] |= set(session.scalars(kept_out))
    seats = scopes.staff_seats(actor, now=now).join(SeatProposal, SeatProposal.seat_id == Seat.id)
    seen["seat_proposal"] |= set(session.scalars(seats.with_only_columns(Seat.id)))
    items = scopes.staff_items(actor, now=now).where(Case.id.is_not(None))
    near = select(Bystander.id).where(Bystander.item_id.in_(items.with_only_columns(AgendaItem.id)))
    seen["bystander"] |= set(session.scalars(near))
    answers = stored_replies.staff_replies(actor, now=now).with_only_columns(Reply.id)
    seen["reply"] |= set(session.scalars(answers))
    # What staff took back they could not take back without seeing it.
    barred = set(session.scalars(cases))
    deleted = (
        select(Decision.id, Decision.case_id)
        .join(AgendaItem, AgendaItem.id == Decision.item_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(Decision.deleted_at.is_not(None), Meeting.table_id.in_(actor.staff_table_ids))
    )
    mine = scopes.staff_decisions(actor, now=now).with_only_columns(Decision.case_id)
    open_cases = barred | set(session.scalars(mine))
    seen["decision"] |= {key for key, case in session.execute(deleted) if case in open_cases}


def _reasons(session, actor: Actor, now, seen: Seen) -> None:
    """Why a task was given, a case opened or held; who asks for access, and what is said of it."""
    own = grounds.own_tasks(actor, now=now).where(Task.kind != TaskKind.ACCESS_REVIEW)
    seen["task_reason"] |= set(session.scalars(own.with_only_columns(Task.id)))
    for case in session.scalars(scopes.staff_cases(actor, now=now).with_only_columns(Case)).all():
        given = giving.given_at(case).with_only_columns(Task.id)
        seen["task_reason"] |= set(session.scalars(given))
        hold = retention.live_hold(session, case)
        seen["legal_hold_reason"] |= {hold.id} if hold else set()
    followed = emergency_review.followed(actor, now=now).with_only_columns(BreakGlass.id)
    seen["emergency_reason"] = seen["emergency_review"] = set(session.scalars(followed))
    served = session.scalars(
        access_requests.staff_requests(actor).with_only_columns(AccessRequest)
    ).all()
    seen["requester"] = seen["review_remark"] = {one.id for one in served}
    judged = session.scalars(access_requests.reviews(actor).with_only_columns(AccessRequest)).all()
    for request in [*served, *judged]:
        views = access_requests.views_of(session, request)
        seen["source_view"] |= {row.SourceView.id for row in views}
    asked = access_requests.own_views(actor).with_only_columns(SourceView.id)
    seen["source_view"] |= set(session.scalars(asked))


def _in_an_emergency(session, actor: Actor, now, seen: Seen) -> None:
    """Whom the sections of a case are about that stands open just now."""
    mine = emergency.own_readings(actor, now=now).with_only_columns(BreakGlass.id)
    for reading_id in session.scalars(mine).all():
        with suppress(NotVisible):
            opened, _case = emergency.load_open(session, actor, reading_id)
            seen["person_concerned"] |= set(emergency.concerned_of(session, opened))


def test_a_bare_select_shows_exactly_what_access_shows(
    world: Canaries, frozen_clock, deep: bool
) -> None:
    some, none = defaultdict(int), defaultdict(int)
    for moment in EVERY_CLOCK if deep else CLOCKS:
        frozen_clock.moment = moment
        for actor, who in world.people.items():
            expected, found = by_access(who.id), raw(who.id)
            for table in wall.COVERED:
                wanted = expected.get(table, set())
                assert found[table] == wanted, f"{table}: {actor} at {moment:%d-%m %H:%M}"
                (some if wanted else none)[table] += 1
    assert set(some) == wall.COVERED, "every table shows something to somebody"
    assert set(none) == wall.COVERED, "no table shows something to everybody"


@pytest.mark.parametrize("who", [None, "system:unheard-of", uuid.UUID(int=0)])
def test_without_somebody_who_acts_there_is_no_row(world: Canaries, who) -> None:
    assert not any(raw(who).values())


def test_the_test_itself_passes_the_wall_in_test_databases_alone(world: Canaries) -> None:
    assert all(raw(databases.TEST).values())
