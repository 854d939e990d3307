"""What app/access shows one person, table by table: what PostgreSQL has to show as well."""

import uuid
from collections import defaultdict
from contextlib import suppress

from sqlalchemy import select, union

from app.access import case_scopes, followed, grounds, load_actor, scopes
from app.access.actor import Actor
from app.access.case_life import between_meetings
from app.access.lifecycle import access_requests, retention
from app.access.loaders import OwnRequest, OwnSeat
from app.access.meetings import source_decisions
from app.access.messages import replies as stored_replies
from app.access.oversight import emergency, emergency_review
from app.access.records import afterwards, extract_rows, notes, saved_views
from app.access.referrals import handover_scopes
from app.access.referrals import scopes as referrals
from app.access.seats import acquaintances
from app.access.seats import input_requests as requests
from app.access.tasks import case_lead, giving, minute_taking
from app.domain.errors import NotVisible
from app.domain.kinds import (
    TaskKind,
)
from app.infra import clock
from app.infra.db import transaction
from app.models import (
    AccessRequest,
    Action,
    ActionEvent,
    ActionNotice,
    ActionPause,
    ActionShown,
    Addendum,
    AgendaItem,
    BreakGlass,
    Bystander,
    Case,
    Correction,
    Decision,
    Draft,
    Exclusion,
    Export,
    Handover,
    HouseholdCase,
    IdentityMark,
    Informing,
    InputRequest,
    ItemQuestion,
    Meeting,
    MinutesExtract,
    MinutesExtractPart,
    NewFact,
    Note,
    PersonConcerned,
    PrintRun,
    PrintSheet,
    ProjectedLine,
    Referral,
    ReferralQuestion,
    Reply,
    SavedView,
    Seat,
    SeatProposal,
    Section,
    SourceView,
    Task,
    TermRequest,
)

Seen = dict[str, set[uuid.UUID]]


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
        copies = select(Export.id).where(Export.person_id == who)
        seen["export"] = set(session.scalars(copies))
        views = saved_views.own_views(actor).with_only_columns(SavedView.id)
        seen["saved_view"] = set(session.scalars(views))
        _cases(session, actor, now, seen)
        _sections(session, actor, now, seen)
        _records(session, actor, now, seen)
        _of_staff(session, actor, now, seen)
        _between_meetings(session, actor, now, seen)
        _same_people(session, actor, now, seen)
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
        kept = extract_rows.items_of(session, actor, meeting_id, now=now)
        seen["case"] |= {row.Case.id for row in kept}
        items = {row.AgendaItem.id: row for row in kept}
        seen["item_question"] |= {row.ItemQuestion.item_id for row in kept if row.ItemQuestion}
        rows = extract_rows.actions_of(session, actor, items, now=now)
        seen["action"] |= {row.Action.id for row in rows}
        own = select(Correction.id).where(
            Correction.item_id.in_(items), Correction.person_id == actor.person_id
        )
        seen["correction"] |= set(session.scalars(own))
        parts = select(MinutesExtractPart.extract_id).where(
            MinutesExtractPart.item_id.in_(items),
            MinutesExtractPart.extract_id == MinutesExtract.id,
            MinutesExtract.person_id == actor.person_id,
        )
        seen["minutes_extract_part"] |= set(session.scalars(parts))


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
    for scope in (notes.own_notes, notes.staff_notes):
        seen["note"] |= set(session.scalars(scope(actor, now=now).with_only_columns(Note.id)))
    for scope in (afterwards.own_additions, afterwards.staff_additions):
        added = scope(actor, now=now).with_only_columns(Addendum.id)
        seen["addendum"] |= set(session.scalars(added))
    for line in (Action, Decision, Note):
        written = minute_taking.own_lines(actor, line, now=now).with_only_columns(line.id)
        seen[line.__tablename__] |= set(session.scalars(written))
    corrected = afterwards.staff_corrections(actor, now=now).with_only_columns(Correction.id)
    seen["correction"] |= set(session.scalars(corrected))
    printed = (
        select(PrintSheet.id)
        .join(PrintRun, PrintRun.id == PrintSheet.run_id)
        .join(Meeting, Meeting.id == PrintRun.meeting_id)
        .where(PrintRun.asked_by_id == actor.person_id, Meeting.table_id.in_(actor.staff_table_ids))
    )
    seen["print_sheet"] |= set(session.scalars(printed))
    for scope in (followed.chased_actions, followed.followed_actions):
        found = scope(actor, now=now).with_only_columns(Action.id)
        seen["action"] |= set(session.scalars(found))
    for scope in (scopes.own_actions, scopes.staff_actions):
        held = set(session.scalars(scope(actor, now=now).with_only_columns(Action.id)))
        seen["action"] |= held
        for of in (ActionEvent, ActionNotice, ActionPause, TermRequest):
            events = select(of.id).where(of.action_id.in_(held))
            seen[of.__tablename__] |= set(session.scalars(events))
    told = select(ActionNotice.id).where(
        ActionNotice.person_id == actor.person_id, ActionNotice.action_id.in_(seen["action"])
    )
    seen["action_notice"] |= set(session.scalars(told))
    shown = followed.shown_actions(actor, now=now).with_only_columns(ActionShown.id)
    agreed = (
        scopes.staff_actions(actor, now=now)
        .join(ActionShown, ActionShown.action_id == Action.id)
        .join(AgendaItem, AgendaItem.id == ActionShown.item_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(Meeting.table_id.in_(actor.staff_table_ids))
        .with_only_columns(ActionShown.id)
    )
    seen["action_shown"] = {*session.scalars(shown), *session.scalars(agreed)}


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
    pushed = select(ProjectedLine.id).where(
        ProjectedLine.item_id.in_(items.with_only_columns(AgendaItem.id))
    )
    seen["projected_line"] |= set(session.scalars(pushed))
    for scope in (items, scopes.open_items(actor, now=now)):
        finished = select(ItemQuestion.item_id).where(
            ItemQuestion.item_id.in_(scope.with_only_columns(AgendaItem.id))
        )
        seen["item_question"] |= set(session.scalars(finished))
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


def _between_meetings(session, actor: Actor, now, seen: Seen) -> None:
    """Referrals and handovers, what was reported, and who of the family knows."""
    for scope, column in (
        (referrals.own_referrals, Referral.id),
        (referrals.staff_referrals, Referral.id),
        (referrals.own_questions, ReferralQuestion.id),
        (referrals.staff_questions, ReferralQuestion.id),
        (handover_scopes.sent_handovers, Handover.id),
        (handover_scopes.offered_handovers, Handover.id),
        (handover_scopes.arrived_handovers, Handover.id),
        (between_meetings.staff_facts, NewFact.id),
        (between_meetings.own_facts, NewFact.id),
        (between_meetings.staff_informings, Informing.id),
        (between_meetings.led_informings, Informing.id),
    ):
        found = scope(actor, now=now).with_only_columns(column)
        seen[column.class_.__tablename__] |= set(session.scalars(found))


def _same_people(session, actor: Actor, now, seen: Seen) -> None:
    """What says which cases are about the same people: with the cases it is of."""
    cases = scopes.staff_cases(actor, now=now).with_only_columns(Case.id)
    linked = select(HouseholdCase.id).where(HouseholdCase.case_id.in_(cases))
    seen["household_case"] |= set(session.scalars(linked))
    marked = select(IdentityMark.person_concerned_id).where(IdentityMark.case_id.in_(cases))
    seen["identity_mark"] |= set(session.scalars(marked))


def _reasons(session, actor: Actor, now, seen: Seen) -> None:
    """Why a task was given, a case opened or held; who asks for access, and what is said of it."""
    own = grounds.own_tasks(actor, now=now).where(Task.kind != TaskKind.ACCESS_REVIEW)
    seen["task_reason"] |= set(session.scalars(own.with_only_columns(Task.id)))
    for case in session.scalars(scopes.staff_cases(actor, now=now).with_only_columns(Case)).all():
        given = giving.given_at(case).with_only_columns(Task.id)
        offers = (
            select(Task.id)
            .join(Handover, Handover.id == Task.handover_id)
            .where(Task.case_id == case.id, Task.table_id == case.table_id, Task.ended_at.is_(None))
        )
        seen["task_reason"] |= set(session.scalars(given)) | set(session.scalars(offers))
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
