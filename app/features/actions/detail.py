"""One action as staff see it: facts, both texts and history; opening the full text is recorded."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, LoadedAction, Permission, action_disclosures, audit
from app.access.action_disclosures import HolderReads
from app.access.records import actions, verifying
from app.access.records.action_history import Notice, notices
from app.access.records.action_history import pauses as paused
from app.access.records.actions import Holder
from app.access.records.chasing_plans import ChasePlan, plan_of
from app.access.records.places import Place, place_of
from app.access.records.term_requests import AskedTime, as_shown
from app.domain.kinds import ActionState, Ground, NoticeStep
from app.domain.states import UNFINISHED, next_states
from app.features.actions import texts
from app.features.actions.service import REPORTABLE, record
from app.infra import clock, crypto
from app.infra.db import reading, transaction
from app.models import ActionPause, Organisation, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """One line of the history, opened; or what the schedule told ``told`` at ``step``."""

    at: datetime
    state: ActionState | None
    remark: str
    recorded_by: str
    said_by: str
    said_at: datetime | None
    confirmed: bool
    is_reminder: bool
    new_due_on: date | None
    new_holder: str
    asked: AskedTime | None
    is_verification: bool
    paused_until: date | None
    step: NoticeStep | None = None
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionFacts:
    """What every staff page about one action shows: the safe text and where it stands."""

    id: uuid.UUID
    reference: str
    safe: str
    organisation_id: uuid.UUID
    organisation: str
    person_id: uuid.UUID | None
    holder: str
    due_on: date
    due_at: datetime | None
    overdue: bool
    state: ActionState
    states: tuple[ActionState, ...]
    unfinished: bool
    reminded_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class Given:
    """A live disclosure of the full text to the holder."""

    ground: str
    purpose: str
    necessity: str
    decided_by: str
    decided_at: datetime
    accepted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionPage:
    """One action with its full text and history, and whether its holder reads that text."""

    facts: ActionFacts
    full: str
    history: tuple[HistoryRow, ...]
    reads_by_seat: bool
    given: Given | None
    asks: AskedTime | None
    paused_until: date | None
    verifies: bool
    verified_by: str
    verified_at: datetime | None
    plan: ChasePlan | None
    place: Place

    @property
    def to_verify(self) -> bool:
        """Its table looks at what is done, and has not looked at this yet."""
        is_done = self.facts.state is ActionState.DONE
        return self.verifies and is_done and self.verified_at is None

    @property
    def may_disclose(self) -> bool:
        """There is a text and a named holder without a seat to whom it was not disclosed yet."""
        named = self.facts.person_id is not None
        return bool(self.full) and named and not self.reads_by_seat and self.given is None


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who may have said how it goes."""

    id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class ActionForms:
    """One action with who may have spoken about it and who may hold it; never the full text."""

    facts: ActionFacts
    speakers: tuple[Speaker, ...]
    holders: tuple[Holder, ...]


def action_page(actor: Actor, action_id: uuid.UUID) -> ActionPage:
    """Load, record the reading, and open the texts once the record stands."""
    with transaction() as session:
        loaded = access.load_staff_action(session, actor, action_id, Permission.ACTION_FOLLOW)
        record(session, actor, loaded, event=audit.Event.READ, ground=Ground.STAFF)
        lines = actions.history(session, loaded)
        told, pauses = notices(session, loaded), paused(session, loaded)
        facts = facts_of(session, loaded)
        reads = action_disclosures.holder_reads(session, loaded.action)
        verifies = verifying.verifies(session, loaded.action.table_id)
        plan = plan_of(session, action_id)
        place = place_of(session, actor, loaded, now=clock.now())
    full, *remarks = crypto.unseal_many(
        [texts.full_text(loaded.action), *(texts.remark(line.event) for line in lines)]
    )
    rows = [
        _row(line, remark, pauses.get(line.event.id))
        for line, remark in zip(lines, remarks, strict=True)
    ]
    rows += [_told(one) for one in told]
    live = [one.until_on for one in pauses.values() if one.ended_at is None]
    return ActionPage(
        facts=facts,
        full=full,
        history=tuple(sorted(rows, key=lambda row: row.at, reverse=True)),
        reads_by_seat=reads.by_seat,
        given=_given(reads),
        asks=next((row.asked for row in rows if row.asked and row.asked.waits), None),
        paused_until=live[0] if live and live[0] > clock.today() else None,
        verifies=verifies,
        verified_by=next((row.recorded_by for row in rows if row.is_verification), ""),
        verified_at=loaded.action.verified_at,
        plan=plan,
        place=place,
    )


def _given(reads: HolderReads) -> Given | None:
    one = reads.disclosure
    if one is None:
        return None
    return Given(
        one.ground, one.purpose, one.necessity, reads.decided_by, one.decided_at, reads.accepted
    )


def action_forms(actor: Actor, action_id: uuid.UUID) -> ActionForms:
    """What the forms about an action need; only the safe text is opened."""
    now = clock.now()
    with reading() as session:
        loaded = access.load_staff_action(session, actor, action_id, Permission.ACTION_FOLLOW)
        speakers = actions.possible_speakers(session, loaded, now=now)
        holders = actions.possible_holders(session, loaded, now=now)
        return ActionForms(
            facts=facts_of(session, loaded),
            speakers=tuple(Speaker(person.id, person.name) for person in speakers),
            holders=tuple(holders),
        )


def facts_of(session: Session, loaded: LoadedAction) -> ActionFacts:
    """Where a loaded action stands, with its safe text."""
    action = loaded.action
    organisation, holder = _holder_names(session, loaded)
    [safe] = crypto.unseal_many([texts.safe_text(action)])
    return ActionFacts(
        id=action.id,
        reference=loaded.case.reference,
        safe=safe,
        organisation_id=action.organisation_id,
        organisation=organisation,
        person_id=action.person_id,
        holder=holder,
        due_on=action.due_on,
        due_at=action.due_at,
        overdue=actions.is_overdue(action),
        state=action.state,
        states=may_report(action.state),
        unfinished=action.state in UNFINISHED,
        reminded_at=action.reminded_at,
        version=action.version,
    )


def may_report(state: ActionState) -> tuple[ActionState, ...]:
    """The states a holder may report next, the present one included: a remark may be added."""
    possible = next_states(state)
    if not possible:
        return ()
    return tuple(one for one in REPORTABLE if one is state or one in possible)


def _holder_names(session: Session, loaded: LoadedAction) -> tuple[str, str]:
    organisation = session.get_one(Organisation, loaded.action.organisation_id)
    if loaded.action.person_id is None:
        return organisation.name, ""
    return organisation.name, session.get_one(Person, loaded.action.person_id).name


def _row(line: actions.HistoryLine, remark: str, pause: ActionPause | None) -> HistoryRow:
    event = line.event
    return HistoryRow(
        at=event.at,
        state=event.state,
        remark=remark,
        recorded_by=line.recorded_by,
        said_by=line.said_by,
        said_at=event.said_at,
        confirmed=event.confirmed_at is not None,
        is_reminder=event.is_reminder,
        is_verification=event.is_verification,
        new_due_on=event.new_due_on,
        new_holder=line.new_holder,
        asked=as_shown(line.request),
        paused_until=pause.until_on if pause else None,
    )


def _told(notice: Notice) -> HistoryRow:
    return HistoryRow(
        at=notice.at, state=None, remark="", recorded_by="", said_by="", said_at=None,
        confirmed=False, is_reminder=False, is_verification=False, new_due_on=None, new_holder="",
        asked=None, paused_until=None, step=notice.step, told=notice.names,
    )  # fmt: skip
