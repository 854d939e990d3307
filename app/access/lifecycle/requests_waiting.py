"""Who has something to answer for an access request: the start page and one neutral mail each.

Whom the case bars is nowhere told of it; asked again just before each mail leaves.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from app.access import conditions as c
from app.access.actor import Actor
from app.access.lifecycle.access_requests import own_views, reviews, staff_requests
from app.domain.kinds import AccountState, SourceOpinion, TableRoleName
from app.infra import clock, outbox
from app.models import AccessRequest, Person, SourceView, TableRole

VIEW_ASKED: Final = "access-requests.view"
REVIEW_WAITS: Final = "access-requests.review"


@dataclass(frozen=True, slots=True)
class WaitingRequests:
    """What waits for somebody: a question to the own organisation, and own requests.

    ``due_on``: the first day on which one of the own requests has to be answered.
    """

    view_id: uuid.UUID | None = None
    own: int = 0
    due_on: date | None = None

    @property
    def is_late(self) -> bool:
        """An answer should have been given by now."""
        return self.due_on is not None and self.due_on < clock.today()


def waiting_columns(actor: Actor) -> tuple[ColumnElement[Any], ...]:
    """The three of ``WaitingRequests``, as columns of whatever statement is asked anyway."""
    return (_first_view(actor), *_own(actor))


def _is_waiting() -> ColumnElement[bool]:
    """``SourceView`` has no answer of its source yet, and its request still can take one."""
    is_open = or_(SourceView.opinion.is_(None), SourceView.opinion == SourceOpinion.NONE)
    return and_(is_open, AccessRequest.prepared_at.is_(None))


def _first_view(actor: Actor) -> ScalarSelect[uuid.UUID]:
    """The question that waits longest for the actor's organisation."""
    return (
        own_views(actor)
        .where(_is_waiting())
        .with_only_columns(SourceView.id)
        .order_by(SourceView.asked_at, SourceView.id)
        .limit(1)
        .correlate(None)
        .scalar_subquery()
    )


def answers_to_review(actor: Actor) -> ScalarSelect[int]:
    """How many answers wait for the actor, who is a privacy officer; as a column."""
    found = reviews(actor).with_only_columns(AccessRequest.id, maintain_column_froms=True)
    return select(func.count()).select_from(found.correlate(None).subquery()).scalar_subquery()


def _own(actor: Actor) -> tuple[ColumnElement[Any], ...]:
    """Requests at the tables served that no reviewer holds: to prepare, or to send."""
    found = (
        staff_requests(actor)
        .where(
            AccessRequest.closed_at.is_(None),
            or_(AccessRequest.prepared_at.is_(None), AccessRequest.approved.is_(True)),
        )
        .with_only_columns(AccessRequest.due_on, maintain_column_froms=True)
        .correlate(None)
        .subquery()
    )
    return (
        select(func.count()).select_from(found).scalar_subquery(),
        select(func.min(found.c.due_on)).scalar_subquery(),
    )


def queue_view(session: Session, view: SourceView, table_id: uuid.UUID) -> None:
    """One mail to each who speaks for the organisation that is asked."""
    now = clock.now()
    represents = exists().where(
        TableRole.person_id == Person.id,
        TableRole.table_id == table_id,
        TableRole.role == TableRoleName.REPRESENTATIVE,
        c.is_live(TableRole.from_at, TableRole.until_at, now),
    )
    people: Sequence[uuid.UUID] = session.scalars(
        select(Person.id)
        .where(
            Person.organisation_id == view.organisation_id,
            Person.state == AccountState.ACTIVE,
            represents,
        )
        .order_by(Person.id)
    ).all()
    for person_id in people:
        outbox.add(
            session, VIEW_ASKED, unique_key=f"{VIEW_ASKED}:{view.id}:{person_id}",
            payload={"view_id": view.id, "person_id": person_id},
        )  # fmt: skip


def queue_review(session: Session, request: AccessRequest, reviewer_id: uuid.UUID) -> None:
    """One mail to the reviewer; put anew, it is a new one."""
    mail_id = uuid.uuid4()
    outbox.add(
        session, REVIEW_WAITS, unique_key=f"{REVIEW_WAITS}:{mail_id}",
        payload={"mail_id": mail_id, "request_id": request.id, "person_id": reviewer_id},
    )  # fmt: skip


def still_asked(session: Session, actor: Actor, view_id: uuid.UUID) -> uuid.UUID | None:
    """The case of a question that still waits for the actor."""
    return session.scalar(
        own_views(actor)
        .where(SourceView.id == view_id, _is_waiting())
        .with_only_columns(AccessRequest.case_id)
    )


def still_reviewed(session: Session, actor: Actor, request_id: uuid.UUID) -> AccessRequest | None:
    """The request, as long as the actor has to review it."""
    if not actor.is_privacy_officer:
        return None
    statement = reviews(actor).where(AccessRequest.id == request_id)
    row = session.execute(statement).one_or_none()
    return row.AccessRequest if row else None
