"""Acts of staff on an exclusion order; each is one unit of work and logged."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TypeVar

from sqlalchemy.orm import Session

from app.access import Actor, Permission, load_case, load_staff_table
from app.access.case_life import exclusion_orders as orders
from app.access.case_life.exclusion_orders import Moved
from app.access.records.new_cases import NewCase, add_case
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import Channel, TableKind
from app.domain.local_time import ImpossibleTime, local_to_utc
from app.domain.states import SHUT
from app.infra.db import transaction
from app.models import Case, CaseTable

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Served:
    """When an order was served, on the clocks of the Netherlands."""

    day: date
    at: time


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrder:
    """An order that is not on any list yet."""

    table_id: uuid.UUID
    organisation_id: uuid.UUID
    question: str
    served: Served


def start_at_once(actor: Actor, new: NewOrder) -> uuid.UUID:
    """Put a new case on the list with its order served; gives its id. NotVisible, Refusal."""
    served_at = _moment(new.served)
    with transaction() as session:
        table = load_staff_table(session, actor, new.table_id, Permission.CASE_CREATE)
        if table.kind is not TableKind.EXCLUSION_ORDER or table.ended_at is not None:
            raise NotVisible
        wanted = NewCase(
            table_id=table.id,
            organisation_id=new.organisation_id,
            question=new.question,
            channel=Channel.POLICE_REPORT.value,
        )
        case = add_case(session, actor, table, wanted)
        session.flush()
        orders.record_service(session, actor, case, table, served_at)
        return case.id


def record_service(actor: Actor, case_id: uuid.UUID, served: Served) -> tuple[Moved, ...]:
    """The order was served then, or was after all. NotVisible, SAID_IN_FUTURE."""
    served_at = _moment(served)
    return _act(
        actor,
        case_id,
        lambda session, case, table: orders.record_service(session, actor, case, table, served_at),
    )


def extend(actor: Actor, case_id: uuid.UUID, *, is_extended: bool) -> None:
    """The order is extended, or is not after all. NotVisible, STATE_NOT_ALLOWED."""
    _act(
        actor,
        case_id,
        lambda session, case, table: orders.extend(
            session, actor, case, table, is_extended=is_extended
        ),
    )


def withdraw(actor: Actor, case_id: uuid.UUID) -> None:
    """The order is withdrawn. NotVisible."""
    _act(actor, case_id, lambda session, case, table: orders.withdraw(session, actor, case, table))


def meet(actor: Actor, case_id: uuid.UUID, clock_id: uuid.UUID) -> None:
    """What one clock asks for was done. NotVisible."""
    _act(
        actor,
        case_id,
        lambda session, case, table: orders.meet(session, actor, case, table, clock_id),
    )


def plan_meetings(actor: Actor, case_id: uuid.UUID) -> None:
    """Plan what its kind asks for. NotVisible, STATE_NOT_ALLOWED."""
    _act(
        actor,
        case_id,
        lambda session, case, table: orders.plan_meetings(session, actor, case, table),
    )


def _act(actor: Actor, case_id: uuid.UUID, act: Callable[[Session, Case, CaseTable], T]) -> T:
    with transaction() as session:
        case = load_case(session, actor, case_id, Permission.CASE_UPDATE)
        table = orders.table_of(session, case)
        if case.state in SHUT:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        return act(session, case, table)


def _moment(served: Served) -> datetime:
    try:
        return local_to_utc(served.day, served.at)
    except ImpossibleTime:
        raise Refusal(Reason.HOUR_DOES_NOT_EXIST, "at") from None
