"""The views of the board somebody keeps: addresses with ids only, each person's own."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, delete, func, literal, select, union_all
from sqlalchemy.orm import Session

from app.access import checks, scopes
from app.access.actor import Actor
from app.domain.board import Filters
from app.domain.errors import NotVisible
from app.infra import clock
from app.models import Case, Person, SavedView, TableRole

MOST_KEPT: Final = 20


def own_views(actor: Actor) -> Select[SavedView]:
    """What the actor keeps."""
    checks.note()
    return select(SavedView).where(SavedView.person_id == actor.person_id)


def keep(session: Session, actor: Actor, filters: Filters) -> bool:
    """Keep a view of one's own, once; False where there are too many already."""
    query = filters.query()
    if session.scalar(own_views(actor).where(SavedView.query == query)) is not None:
        return True
    kept = own_views(actor).with_only_columns(func.count())
    if (session.scalar(kept) or 0) >= MOST_KEPT:
        return False
    session.add(SavedView(person_id=actor.person_id, query=query, kept_at=clock.now()))
    return True


def remove(session: Session, actor: Actor, view_id: uuid.UUID) -> None:
    """Keep a view of one's own no longer. NotVisible."""
    checks.note()
    gone = session.scalars(
        delete(SavedView)
        .where(SavedView.id == view_id, SavedView.person_id == actor.person_id)
        .returning(SavedView.id)
    )
    if not gone.all():
        raise NotVisible


def names(
    session: Session,
    actor: Actor,
    *,
    person_ids: Collection[uuid.UUID],
    case_ids: Collection[uuid.UUID],
    now: datetime,
) -> dict[uuid.UUID, str]:
    """What the ids of a view are called, as far as the actor may know. At most one statement."""
    if not person_ids and not case_ids:
        return {}
    people = (
        select(Person.id.label("id"), Person.name.label("name"))
        .join(TableRole, TableRole.person_id == Person.id)
        .where(Person.id.in_(person_ids), TableRole.table_id.in_(actor.staff_table_ids))
        .distinct()
    )
    cases: Select[*tuple[Any, ...]] = (
        scopes.staff_cases(actor, now=now)
        .where(Case.id.in_(case_ids))
        .with_only_columns(Case.id, Case.reference)
    )
    both = union_all(people, cases).subquery()
    return {row.id: row.name for row in session.execute(select(both, literal(1)))}
