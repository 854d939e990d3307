"""One own action: its safe text, the full one where access opens it, and its history."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, LoadedAction, Permission, action_disclosures, audit
from app.access.records import actions
from app.access.records.actions import HistoryLine
from app.access.records.chasing_plans import ChasePlan, plan_of
from app.access.records.term_requests import AskedTime, as_shown
from app.domain.kinds import ActionState, CaseState
from app.domain.states import UNFINISHED
from app.features.actions import texts
from app.features.actions.detail import may_report
from app.features.actions.service import record
from app.infra import clock, crypto
from app.infra.crypto import Sealed
from app.infra.db import transaction
from app.models import ActionEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnHistoryRow:
    """One line of the history: the own words, and those of others where the full text opens.

    ``new_holder`` is who of the own organisation holds it since.
    """

    at: datetime
    state: ActionState | None
    remark: str
    by: str
    new_due_on: date | None
    said_at: datetime | None
    new_holder: str
    asked: AskedTime | None


@dataclass(frozen=True, slots=True)
class ToAccept:
    """The words on confidentiality to accept before a disclosed text opens."""

    confidentiality_nl: str
    confidentiality_en: str
    confidentiality_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAction:
    """One own action. ``full`` is empty where access does not open it, or there is none."""

    id: uuid.UUID
    reference: str
    safe: str
    full: str
    due_on: date
    due_at: datetime | None
    step: int | None
    overdue: bool
    state: ActionState
    states: tuple[ActionState, ...]
    version: int
    history: tuple[OwnHistoryRow, ...]
    has_spoken: bool
    has_lapsed: bool
    may_tell: bool
    to_accept: ToAccept | None
    unfinished: bool
    is_shared: bool
    asked: AskedTime | None
    may_withdraw: bool
    plan: ChasePlan | None


def own_action(actor: Actor, action_id: uuid.UUID) -> OwnAction:
    """Load, record the reading, and open the texts once the record stands."""
    with transaction() as session:
        loaded = access.load_own_action(session, actor, action_id, Permission.ACTION_REPORT)
        record(session, actor, loaded, event=audit.Event.READ, ground=loaded.ground)
        lines = _since_it_came(actions.history(session, loaded))
        to_accept = None if loaded.full else _to_accept(session, actor, loaded)
        plan = plan_of(session, action_id, reader_id=actor.person_id)
    action = loaded.action
    mine = _mine(lines, actor)
    waiting = (line.request for line in lines if line.request and not line.request.answered_at)
    asked = as_shown(next(waiting, None))
    safe, full, *remarks = crypto.unseal_many([
        texts.safe_text(action),
        texts.full_text(action) if loaded.full else Sealed(None, ""),
        *(
            texts.remark(line.event) if loaded.full or own else Sealed(None, "")
            for line, own in zip(lines, mine, strict=True)
        ),
    ])  # fmt: skip
    return OwnAction(
        id=action.id,
        reference=loaded.case.reference,
        safe=safe,
        full=full,
        due_on=action.due_on,
        due_at=action.due_at,
        step=action.step,
        overdue=actions.is_overdue(action),
        state=action.state,
        states=may_report(action.state),
        version=action.version,
        history=tuple(
            _line(line, remark, shows_who=loaded.full or own)
            for line, own, remark in zip(lines, mine, remarks, strict=True)
            if _shows(line, remark)
        ),
        has_spoken=any(
            line.event.said_by_id == actor.person_id and line.event.confirmed_at is None
            for line in lines
        ),
        has_lapsed=any(
            line.event.state is ActionState.LAPSED and line.event.confirmed_at is None
            for line in lines
        ),
        may_tell=loaded.case.state is not CaseState.DESTROYED,
        to_accept=to_accept,
        unfinished=action.state in UNFINISHED,
        is_shared=action.person_id is None,
        asked=asked,
        may_withdraw=asked is not None and asked.asked_by_id == actor.person_id,
        plan=plan,
    )


def _since_it_came(lines: Sequence[HistoryLine]) -> list[HistoryLine]:
    """The lines, latest first, since the action came to the organisation that has it now.

    Who held it before, and what they said, is not for the next: it may be one nobody knows of.
    """
    came = next((line.event for line in lines if line.event.new_organisation_id), None)
    return [
        line
        for line in lines
        if not line.event.is_reminder
        and (came is None or line.event is came or line.event.at > came.at)
    ]


def _shows(line: HistoryLine, remark: str) -> bool:
    """Whether a line says something to the holder; another holder only inside the organisation."""
    event = line.event
    return bool(event.state or event.new_due_on or remark or line.request or _inside(event))


def _inside(event: ActionEvent) -> bool:
    return event.new_person_id is not None and event.new_organisation_id is None


def _line(line: HistoryLine, remark: str, *, shows_who: bool) -> OwnHistoryRow:
    event = line.event
    return OwnHistoryRow(
        at=event.at,
        state=event.state,
        remark=remark,
        by=line.recorded_by if shows_who else "",
        new_due_on=event.new_due_on,
        said_at=event.said_at,
        new_holder=line.new_holder if _inside(event) else "",
        asked=as_shown(line.request),
    )


def _to_accept(session: Session, actor: Actor, loaded: LoadedAction) -> ToAccept | None:
    now = clock.now()
    lacking = action_disclosures.meeting_to_accept(session, actor, loaded.action, now=now)
    if lacking is None:
        return None
    _meeting, table = lacking
    return ToAccept(
        table.confidentiality_nl, table.confidentiality_en, table.confidentiality_version
    )


def _mine(lines: Sequence[HistoryLine], actor: Actor) -> list[bool]:
    """Of each line whether it is by the actor, or answers what the actor asked."""
    answered = {
        (line.request.answered_by_id, line.request.answered_at)
        for line in lines
        if line.request and line.request.asked_by_id == actor.person_id
    }
    return [
        actor.person_id in (line.event.recorded_by_id, line.event.said_by_id)
        or (line.event.recorded_by_id, line.event.at) in answered
        for line in lines
    ]
