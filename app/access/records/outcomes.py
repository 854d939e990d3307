"""What came of a discussion, in the words of the kind its table is of; for staff.

No seat, extract, mail or task ever shows an outcome: what a seat has to know is a decision.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session

from app.access import audit, checks
from app.access import conditions as c
from app.access.actor import Actor
from app.access.administration.kinds_in_force import in_force, version_of
from app.access.loaders import LoadedItem
from app.domain.errors import Reason, Refusal
from app.domain.kind_document import OutcomeRule, Words
from app.domain.kinds import Ground
from app.infra import clock
from app.models import AgendaItem, Case, CaseTable, ItemOutcome


@dataclass(frozen=True, slots=True)
class Recorded:
    """An outcome that stands, in the words it was recorded under."""

    item_id: uuid.UUID
    code: str
    text: Words
    at: datetime


def offered(session: Session, table_id: uuid.UUID) -> tuple[OutcomeRule, ...]:
    """What may come of a discussion at a table just now; none where its kind names none."""
    table = session.get_one(CaseTable, table_id)
    return in_force(session, table, clock.now()).document.outcomes


def choose(session: Session, actor: Actor, at: LoadedItem, code: str) -> None:
    """Let this be the outcome of a loaded discussion, an empty code none. VALUE_UNKNOWN.

    What stood before is taken back, not changed: it was counted.
    """
    # What the same act changed at the item already is stored first: reading it anew would lose it.
    session.flush()
    session.refresh(at.item, with_for_update={"key_share": True})
    standing = _standing(session, at.item.id)
    if [one.code for one in standing] == [code] or not (standing or code):
        return
    for one in standing:
        if one.code != code:
            one.taken_back_at = clock.now()
            _log(session, actor, at, one, audit.Event.DELETE)
    session.flush()
    if code and code not in {one.code for one in standing}:
        _add(session, actor, at, code)


def _standing(session: Session, item_id: uuid.UUID) -> Sequence[ItemOutcome]:
    return session.scalars(
        select(ItemOutcome)
        .where(ItemOutcome.item_id == item_id, ItemOutcome.taken_back_at.is_(None))
        .order_by(ItemOutcome.recorded_at, ItemOutcome.id)
    ).all()


def _add(session: Session, actor: Actor, at: LoadedItem, code: str) -> None:
    table = session.get_one(CaseTable, at.meeting.table_id)
    kind = in_force(session, table, clock.now())
    if at.case is None or code not in {one.code for one in kind.document.outcomes}:
        raise Refusal(Reason.VALUE_UNKNOWN, "outcome")
    added = ItemOutcome(
        id=uuid.uuid4(),
        item_id=at.item.id,
        case_id=at.case.id,
        table_id=table.id,
        code=code,
        kind_version=kind.number,
        recorded_by_id=actor.person_id,
        recorded_at=clock.now(),
    )
    session.add(added)
    _log(session, actor, at, added, audit.Event.ADD)


def _log(
    session: Session, actor: Actor, at: LoadedItem, one: ItemOutcome, event: audit.Event
) -> None:
    audit.record(
        session,
        actor,
        audit.Entry(
            event=event,
            object_kind="outcome",
            object_id=one.id,
            ground=Ground.STAFF,
            table_id=one.table_id,
            meeting_id=at.meeting.id,
            item_id=one.item_id,
            case_id=one.case_id,
        ),
    )


def staff_outcomes(actor: Actor, *, now: datetime) -> Select[ItemOutcome, CaseTable]:
    """Outcomes that stand at tables served; after a move the old table keeps its own."""
    checks.note()
    return (
        select(ItemOutcome, CaseTable)
        .join(CaseTable, CaseTable.id == ItemOutcome.table_id)
        .join(Case, Case.id == ItemOutcome.case_id)
        .where(
            c.is_staff_table(actor, ItemOutcome.table_id),
            ItemOutcome.taken_back_at.is_(None),
            c.is_not_barred(actor, now),
        )
        .order_by(ItemOutcome.recorded_at, ItemOutcome.id)
    )


def joined(items: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Agenda items of tables served, as a scope gave them, each with its ``ItemOutcome`` if any.

    Of a barred case the outcome is barred with it: there ``Case`` is None.
    """
    return items.outerjoin(
        ItemOutcome,
        and_(
            ItemOutcome.item_id == AgendaItem.id,
            ItemOutcome.case_id == Case.id,
            ItemOutcome.taken_back_at.is_(None),
        ),
    ).add_columns(ItemOutcome)


def words_of(session: Session, one: ItemOutcome | None) -> Words | None:
    """What an outcome is called in the version of the kind it was recorded under."""
    return _words(session, session.get_one(CaseTable, one.table_id), one) if one else None


def of_items(
    session: Session, actor: Actor, item_ids: Collection[uuid.UUID]
) -> Mapping[uuid.UUID, Recorded]:
    """The outcome of each of these discussions that has one."""
    return {
        one.item_id: one for one in _read(session, actor, ItemOutcome.item_id.in_(list(item_ids)))
    }


def of_case(session: Session, actor: Actor, case_id: uuid.UUID) -> tuple[Recorded, ...]:
    """What came of the discussions of a case at tables served, oldest first."""
    return _read(session, actor, ItemOutcome.case_id == case_id)


def _read(session: Session, actor: Actor, narrowed: ColumnElement[bool]) -> tuple[Recorded, ...]:
    rows = session.execute(staff_outcomes(actor, now=clock.now()).where(narrowed)).all()
    return tuple(
        Recorded(
            row.ItemOutcome.item_id,
            row.ItemOutcome.code,
            _words(session, row.CaseTable, row.ItemOutcome),
            row.ItemOutcome.recorded_at,
        )
        for row in rows
    )


def _words(session: Session, table: CaseTable, one: ItemOutcome) -> Words:
    rules = version_of(session, table, one.kind_version).document.outcomes
    return next((rule.text for rule in rules if rule.code == one.code), Words("–", "–"))
