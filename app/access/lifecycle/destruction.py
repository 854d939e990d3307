"""Takes one retention class of a case out of the database, with every row that hangs from it.

What hangs from a row is read from the foreign keys themselves, so that no table that is added later
is forgotten. The data keys are destroyed by whoever calls, once the rows are gone. It never decides
what is past its term: that is for retention.py and words.py beside it.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, Select, Table, delete, exists, select, update
from sqlalchemy.orm import Session

from app.access.lifecycle import barred
from app.access.lifecycle.words import words_of_case
from app.access.records import exports
from app.domain.kinds import RetentionClass
from app.infra import clock
from app.infra.crypto import KeyScope
from app.infra.db import Base
from app.infra.outbox import OutboxRow
from app.models import (
    AccessRequest,
    Action,
    Addendum,
    AgendaItem,
    BreakGlass,
    Bystander,
    Case,
    Correction,
    Decision,
    DestroyedClass,
    Handover,
    IdentityMark,
    Informing,
    Invitation,
    InvitationItem,
    ItemQuestion,
    MinutesExtractPart,
    NewFact,
    Note,
    PersonConcerned,
    ProjectedLine,
    Referral,
    ReferralQuestion,
    Reply,
    SavedView,
    Seat,
    SeatProposal,
    Section,
    SectionType,
    Task,
)

_AT_ONCE: Final = 500
_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Removed:
    """How many rows went and which, the key scopes to destroy, and whether the case is gone."""

    rows: int
    gone: frozenset[uuid.UUID]
    scopes: tuple[str, ...]
    is_last: bool


class _Broom:
    """Deletes rows with what hangs from them, and remembers how many and which."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.rows = 0
        self.gone: set[uuid.UUID] = set()

    def sweep(self, table: Table, ids: Sequence[uuid.UUID]) -> None:
        """Delete these rows; a reference that may be empty is emptied, any other row goes along."""
        for some in _parts(ids):
            for column in _references_to(table):
                if column.nullable:
                    self._session.execute(
                        update(column.table).where(column.in_(some)).values({column: None})
                    )
                else:
                    self._sweep_where(column, some)
            self._delete(table, table.c.id, some)
            self.gone.update(some)

    def _sweep_where(self, column: Column[Any], some: Sequence[uuid.UUID]) -> None:
        child = column.table
        assert isinstance(child, Table)  # noqa: S101 - a column of the schema stands in a table
        if any(True for _ in _references_to(child)):
            found = select(child.c.id).where(column.in_(some))
            self.sweep(child, list(self._session.scalars(found)))
        else:
            self._delete(child, column, some)

    def clear(self, table: Table, case_id: uuid.UUID) -> None:
        """Delete what a table, to which nothing points, holds of a case."""
        self._delete(table, table.c.case_id, [case_id])

    def _delete(self, table: Table, column: Column[Any], some: Sequence[uuid.UUID]) -> None:
        done = self._session.execute(delete(table).where(column.in_(some)))
        self.rows += done.rowcount  # type: ignore[attr-defined]  # a DELETE's result has it


def _parts(ids: Sequence[uuid.UUID]) -> Iterator[Sequence[uuid.UUID]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]


def _references_to(table: Table) -> Iterator[Column[Any]]:
    """The columns anywhere in the schema that point at ``table``."""
    for other in Base.metadata.tables.values():
        for key in other.foreign_keys:
            if key.column.table is table:
                yield key.parent


def reached_from_case() -> frozenset[str]:
    """The names of all tables whose rows go with a case; a test keeps the list."""
    found: set[str] = set()
    roots = (Case, AgendaItem, Section, Decision, Action, AccessRequest, Referral)
    waiting = [_table(one) for one in roots]
    while waiting:
        table = waiting.pop()
        if table.name not in found:
            found.add(table.name)
            waiting += [column.table for column in _references_to(table) if not column.nullable]
    return frozenset(found)


def remove_class(session: Session, case_id: uuid.UUID, retention: RetentionClass) -> Removed:
    """Remove one class of a case; with the last one everything about the case goes.

    Must run in a unit of work that writes; destroy the keys only after it was committed.
    """
    broom = _Broom(session)
    scopes = [KeyScope.of_case(case_id, retention).name]
    meetings = _meetings_of(session, case_id)
    for model, statement in _roots(case_id, retention):
        broom.sweep(_table(model), list(session.scalars(statement)))
    if retention is RetentionClass.DECISIONS:
        broom.clear(_table(MinutesExtractPart), case_id)
    if retention is RetentionClass.IDENTITY:
        broom.clear(_table(IdentityMark), case_id)
    if retention is RetentionClass.SUMMARY:
        _forget_texts(session, case_id)
        scopes += forget_words(session, words_of_case(session, case_id))
    session.add(DestroyedClass(case_id=case_id, retention=retention, destroyed_at=clock.now()))
    session.flush()
    gone = set(
        session.scalars(select(DestroyedClass.retention).where(DestroyedClass.case_id == case_id))
    )
    is_last = gone == set(RetentionClass)
    if is_last:
        reference = session.scalars(select(Case.reference).where(Case.id == case_id)).one()
        asked = _remove_case(session, broom, case_id, meetings)
        scopes += [KeyScope.of_request(one).name for one in asked]
        scopes += [KeyScope.of_exclusions(case_id).name, KeyScope.of_try(reference).name]
    session.expire_all()
    return Removed(broom.rows, frozenset(broom.gone), tuple(scopes), is_last)


def _roots(
    case_id: uuid.UUID, retention: RetentionClass
) -> Iterator[tuple[type[Base], Select[uuid.UUID]]]:
    """The rows that are this class; tasks and emergency readings are of no use without a text."""
    if retention is RetentionClass.DECISIONS:
        yield Action, select(Action.id).where(Action.case_id == case_id)
        yield Decision, select(Decision.id).where(Decision.case_id == case_id)
        for model in (Addendum, Correction, NewFact, Note, ProjectedLine):
            yield model, select(model.id).where(model.case_id == case_id)
    yield (
        Section,
        select(Section.id)
        .join(SectionType, SectionType.id == Section.section_type_id)
        .where(Section.case_id == case_id, SectionType.retention == retention),
    )
    if retention is RetentionClass.SUMMARY:
        yield Task, select(Task.id).where(Task.case_id == case_id)
        yield BreakGlass, select(BreakGlass.id).where(BreakGlass.case_id == case_id)


def _meetings_of(session: Session, case_id: uuid.UUID) -> list[uuid.UUID]:
    found = select(AgendaItem.meeting_id).where(AgendaItem.case_id == case_id).distinct()
    return list(session.scalars(found))


def _forget_texts(session: Session, case_id: uuid.UUID) -> None:
    """Empty what stands in rows that stay: question, labels, proposed names."""
    seats = (
        select(Seat.id).join(AgendaItem, AgendaItem.id == Seat.item_id).where(
            AgendaItem.case_id == case_id
        )
    )  # fmt: skip
    session.execute(update(Case).where(Case.id == case_id).values(question_ct=None))
    session.execute(
        update(PersonConcerned)
        .where(PersonConcerned.case_id == case_id)
        .values(label_ct=None, relation_ct=None)
    )
    session.execute(
        update(Referral).where(Referral.case_id == case_id).values(late_ct=None, outcome_ct=None)
    )
    referrals = select(Referral.id).where(Referral.case_id == case_id)
    session.execute(delete(ReferralQuestion).where(ReferralQuestion.referral_id.in_(referrals)))
    session.execute(update(Handover).where(Handover.case_id == case_id).values(answer_ct=None))
    session.execute(update(Informing).where(Informing.case_id == case_id).values(reason_ct=None))
    session.execute(delete(SeatProposal).where(SeatProposal.seat_id.in_(seats)))
    session.execute(delete(ItemQuestion).where(ItemQuestion.case_id == case_id))
    items = select(AgendaItem.id).where(AgendaItem.case_id == case_id)
    session.execute(delete(Bystander).where(Bystander.item_id.in_(items)))


def forget_words(session: Session, reply_ids: Sequence[uuid.UUID]) -> tuple[str, ...]:
    """Empty what was written with these answers; gives the key scopes to destroy."""
    for some in _parts(reply_ids):
        session.execute(update(Reply).where(Reply.id.in_(some)).values(text_ct=None))
    return tuple(KeyScope.of_reply(one).name for one in reply_ids)


def _remove_case(
    session: Session, broom: _Broom, case_id: uuid.UUID, meetings: Collection[uuid.UUID]
) -> Sequence[uuid.UUID]:
    """Everything that is left; gives the access requests that went with it."""
    barred.remember(session, case_id)
    asked = session.scalars(select(AccessRequest.id).where(AccessRequest.case_id == case_id)).all()
    broom.sweep(_table(AccessRequest), asked)
    referred = session.scalars(select(Referral.id).where(Referral.case_id == case_id))
    broom.sweep(_table(Referral), list(referred))
    items = session.scalars(select(AgendaItem.id).where(AgendaItem.case_id == case_id))
    broom.sweep(_table(AgendaItem), list(items))
    left = (
        select(Invitation.id).where(
            Invitation.meeting_id.in_(meetings),
            Invitation.is_whole.is_(False),
            ~exists().where(InvitationItem.invitation_id == Invitation.id),
        )
    )  # fmt: skip
    broom.sweep(_table(Invitation), list(session.scalars(left)))
    broom.sweep(_table(Case), [case_id])
    return asked


def remove_requests(session: Session, ids: Sequence[uuid.UUID]) -> tuple[str, ...]:
    """Remove access requests that belong to no case; gives the key scopes to destroy."""
    _Broom(session).sweep(_table(AccessRequest), ids)
    return tuple(KeyScope.of_request(one).name for one in ids)


def forget_messages(session: Session, gone: Collection[uuid.UUID]) -> None:
    """Drop messages, sent or not, that name something that is gone: an id says that it was."""
    words = {str(one) for one in gone}
    rows = session.execute(select(OutboxRow.id, OutboxRow.payload, OutboxRow.unique_key))
    named = [row.id for row in rows if words & set(_ID.findall(f"{row.payload} {row.unique_key}"))]
    for some in _parts(named):
        session.execute(delete(OutboxRow).where(OutboxRow.id.in_(some)))


def forget_copies(session: Session, gone: Collection[uuid.UUID]) -> None:
    """Drop kept views that name something that is gone, and copies made before: they may hold it.

    Whoever still needs a copy asks for it again.
    """
    kept = session.execute(select(SavedView.id, SavedView.query))
    words = {str(one) for one in gone}
    named = [row.id for row in kept if words & set(_ID.findall(row.query))]
    for some in _parts(named):
        session.execute(delete(SavedView).where(SavedView.id.in_(some)))
    if gone:
        exports.forget_all(session, now=clock.now())


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101 - every model of ours maps one table
    return table
