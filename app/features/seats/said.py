"""Confirming or correcting input that staff took down by telephone (access.md §2)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, OwnRequest, audit
from app.access.disclosure import sealed_text
from app.access.seats.input_requests import given_section, load_said_request
from app.access.seats.own_input import is_answer_discussed
from app.domain.errors import Reason, Refusal
from app.domain.kinds import InputAnswer, Regime
from app.features.seats.giving import GivenInput, check, put_answer
from app.infra import clock, crypto
from app.infra.db import transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What staff wrote down for the reader."""

    id: uuid.UUID
    reference: str
    answer: InputAnswer
    regime: Regime
    no_passing_on: bool
    text: str
    only_known: bool
    said_at: datetime
    discussed: bool


def read_said(actor: Actor, request_id: uuid.UUID) -> Said:
    """The answer as it was taken down; opening its text is recorded."""
    with transaction() as session:
        own = load_said_request(session, actor, request_id)
        section = given_section(session, own)
        discussed = is_answer_discussed(session, own)
        _record(session, actor, audit.Event.READ, own)
    answer, said_at = own.request.answer, own.request.answered_at
    if answer is None or said_at is None:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    return Said(
        id=own.request.id,
        reference=own.case.reference,
        answer=answer,
        regime=section.regime if section else Regime.AVG,
        no_passing_on=section.no_passing_on if section else False,
        text=crypto.unseal(sealed_text(section)) if section else "",
        only_known=not own.request.asks_content,
        said_at=said_at,
        discussed=discussed,
    )


def confirm(actor: Actor, request_id: uuid.UUID) -> None:
    """Confirm what was taken down."""
    with transaction() as session:
        own = load_said_request(session, actor, request_id)
        own.request.confirmed_at = clock.now()
        _record(session, actor, audit.Event.CHANGE, own)


def correct(actor: Actor, request_id: uuid.UUID, given: GivenInput) -> None:
    """Put one's own answer in the place of what was taken down, until it was on the table."""
    check(given)
    with transaction() as session:
        own = load_said_request(session, actor, request_id)
        if is_answer_discussed(session, own):
            raise Refusal(Reason.INPUT_DISCUSSED)
        put_answer(
            session, own, given, organisation_id=actor.organisation_id, typist_id=actor.person_id
        )
        own.request.confirmed_at = clock.now()
        _record(session, actor, audit.Event.CHANGE, own)


def _record(session: Session, actor: Actor, event: audit.Event, own: OwnRequest) -> None:
    audit.record(
        session,
        actor,
        audit.Entry(
            event=event,
            object_kind="input",
            object_id=own.request.id,
            meeting_id=own.item.meeting_id,
            item_id=own.item.id,
            case_id=own.case.id,
            table_id=own.case.table_id,
            section_id=own.request.section_id,
        ),
    )
