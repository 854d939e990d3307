"""One action as staff see it: facts, both texts and history; opening the full text is recorded."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, LoadedAction, Permission, action_disclosures, audit
from app.access.action_disclosures import HolderReads
from app.access.records import actions
from app.access.records.actions import Holder
from app.domain.kinds import ActionState, Ground
from app.domain.states import action_is_overdue, next_states
from app.features.actions import texts
from app.features.actions.service import REPORTABLE, record
from app.infra import clock, crypto
from app.infra.db import reading, transaction
from app.models import Organisation, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """One line of the history, opened."""

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
        names = _holder_names(session, loaded)
        reads = action_disclosures.holder_reads(session, loaded.action)
    sealed = [texts.safe_text(loaded.action), texts.full_text(loaded.action)]
    safe, full, *remarks = crypto.unseal_many(
        [*sealed, *(texts.remark(line.event) for line in lines)]
    )
    return ActionPage(
        facts=_facts(loaded, names, safe),
        full=full,
        history=tuple(_row(line, remark) for line, remark in zip(lines, remarks, strict=True)),
        reads_by_seat=reads.by_seat,
        given=_given(reads),
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
        names = _holder_names(session, loaded)
        [safe] = crypto.unseal_many([texts.safe_text(loaded.action)])
        return ActionForms(
            facts=_facts(loaded, names, safe),
            speakers=tuple(Speaker(person.id, person.name) for person in speakers),
            holders=tuple(holders),
        )


def _facts(loaded: LoadedAction, names: tuple[str, str], safe: str) -> ActionFacts:
    action = loaded.action
    organisation, holder = names
    return ActionFacts(
        id=action.id,
        reference=loaded.case.reference,
        safe=safe,
        organisation_id=action.organisation_id,
        organisation=organisation,
        person_id=action.person_id,
        holder=holder,
        due_on=action.due_on,
        overdue=action_is_overdue(action.due_on, action.state, clock.today()),
        state=action.state,
        states=may_report(action.state),
        unfinished=action.state in actions.UNFINISHED,
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


def _row(line: actions.HistoryLine, remark: str) -> HistoryRow:
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
        new_due_on=event.new_due_on,
        new_holder=line.new_holder,
    )
