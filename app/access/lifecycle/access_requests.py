"""Who may work on an access request, which texts it is about, and with whom they were shared.

Staff of the table prepare the answer, each source says what it thinks of giving its own sections,
and a privacy officer reviews it by a task that names exactly these sections.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Select, and_, delete, exists, func, or_, select
from sqlalchemy.orm import Session

from app.access import checks, grounds
from app.access import conditions as c
from app.access.actor import Actor
from app.access.people import is_spoken_for, may_occupy
from app.domain.errors import NotVisible
from app.domain.kinds import AccountState
from app.infra import clock
from app.infra.crypto import Sealed
from app.models import (
    AccessRequest,
    AccessRequestPart,
    Case,
    Organisation,
    Person,
    Requester,
    ReviewRemark,
    SourceView,
    Task,
    TaskSection,
)

# A reviewer may look a little longer than the answer is due: late is better than unread.
REVIEW_MARGIN: Final = timedelta(days=14)


def staff_requests(actor: Actor) -> Select[AccessRequest, Case]:
    """Requests at the tables served, minus those about a case that bars the actor."""
    checks.note()
    return (
        select(AccessRequest, Case)
        .select_from(AccessRequest)
        .outerjoin(Case, Case.id == AccessRequest.case_id)
        .where(
            AccessRequest.table_id.in_(actor.staff_table_ids),
            or_(
                AccessRequest.case_id.is_(None),
                and_(
                    Case.table_id == AccessRequest.table_id,
                    c.is_not_barred(actor, clock.now()),
                ),
            ),
        )
    )


def reviews(actor: Actor) -> Select[AccessRequest, Case]:
    """Requests the actor reviews just now: what opens texts only by a task that still goes on.

    One about a case that bars the actor does not show, whatever it answers.
    """
    checks.note()
    now = clock.now()
    by_task = exists().where(Task.id == AccessRequest.task_id, grounds.is_held(actor, now))
    return (
        select(AccessRequest, Case)
        .select_from(AccessRequest)
        .outerjoin(Case, Case.id == AccessRequest.case_id)
        .where(
            AccessRequest.reviewer_id == actor.person_id,
            AccessRequest.prepared_at.is_not(None),
            AccessRequest.approved.is_(None),
            AccessRequest.closed_at.is_(None),
            c.is_not_barred(actor, now, case_id=AccessRequest.case_id),
            or_(AccessRequest.task_id.is_(None), by_task),
        )
    )


@dataclass(frozen=True, slots=True)
class LoadedRequest:
    """A request with its case, if it has one."""

    request: AccessRequest
    case: Case | None


def load_request(session: Session, actor: Actor, request_id: uuid.UUID) -> LoadedRequest:
    """A request at a table served; NotVisible otherwise."""
    return _one(session, staff_requests(actor), request_id)


def load_review(session: Session, actor: Actor, request_id: uuid.UUID) -> LoadedRequest:
    """A request that waits for the actor's review; NotVisible otherwise."""
    if not actor.is_privacy_officer:
        raise NotVisible
    return _one(session, reviews(actor), request_id)


def _one(
    session: Session, statement: Select[AccessRequest, Case], request_id: uuid.UUID
) -> LoadedRequest:
    row = session.execute(
        statement.where(AccessRequest.id == request_id).with_for_update(of=AccessRequest)
    ).one_or_none()
    if row is None:
        raise NotVisible
    return LoadedRequest(row.AccessRequest, row.Case)


def sealed_texts(session: Session, request: AccessRequest) -> tuple[Sealed, Sealed]:
    """Who asks, and what its reviewer remarked, of a request loaded for staff; or empty."""
    requester = session.get(Requester, request.id)
    remark = session.get(ReviewRemark, request.id)
    return (
        Sealed(requester.name_ct if requester else None, requester_binding(request.id)),
        Sealed(remark.text_ct if remark else None, remark_binding(request.id)),
    )


def requester_binding(request_id: uuid.UUID) -> str:
    """What the name of who asks is bound to."""
    return f"access_request:{request_id}:requester"


def view_binding(view_id: uuid.UUID) -> str:
    """What the reason of a source is bound to."""
    return f"source_view:{view_id}:reason"


def remark_binding(request_id: uuid.UUID) -> str:
    """What the remark of a reviewer is bound to."""
    return f"access_request:{request_id}:review"


def drop_remark(session: Session, request: AccessRequest) -> None:
    """What was remarked about an earlier answer counts no more; the next reviewer adds its own."""
    session.execute(delete(ReviewRemark).where(ReviewRemark.request_id == request.id))


def find_case(session: Session, actor: Actor, table_id: uuid.UUID, reference: str) -> Case | None:
    """A case on the list of a table served by its reference; None when there is none to see."""
    checks.note()
    return session.scalars(
        select(Case).where(
            Case.reference == reference.upper(),
            Case.table_id == table_id,
            c.is_staff_table(actor, Case.table_id),
            c.is_not_barred(actor, clock.now()),
        )
    ).one_or_none()


def officers(session: Session, case: Case | None, *, but: uuid.UUID) -> Sequence[Person]:
    """The privacy officers that may review what somebody else prepared.

    Whoever the case bars is simply not listed.
    """
    fits = may_occupy(case.id, now=clock.now()) if case else c.always()
    return session.scalars(
        select(Person)
        .where(
            Person.is_privacy_officer.is_(True),
            Person.state == AccountState.ACTIVE,
            Person.is_administrator.is_(False),
            Person.id != but,
            fits,
        )
        .order_by(Person.name)
    ).all()


def own_views(actor: Actor) -> Select[SourceView, AccessRequest]:
    """Open questions to the actor's organisation, for its representatives at the case's table."""
    checks.note()
    return (
        select(SourceView, AccessRequest)
        .join(AccessRequest, AccessRequest.id == SourceView.request_id)
        .join(Case, Case.id == AccessRequest.case_id)
        .where(
            SourceView.organisation_id == actor.organisation_id,
            Case.table_id.in_(actor.representative_table_ids),
            AccessRequest.closed_at.is_(None),
            c.is_not_barred(actor, clock.now()),
        )
    )


def views_of(session: Session, request: AccessRequest) -> Sequence[Any]:
    """What the sources say, by name; which only staff may know of, and which have nobody."""
    is_hidden = c.is_hidden_at(AccessRequest.case_id, SourceView.organisation_id)
    spoken_for = is_spoken_for(SourceView.organisation_id, AccessRequest.table_id, clock.now())
    return session.execute(
        select(
            SourceView,
            Organisation.name,
            is_hidden.label("is_hidden"),
            spoken_for.label("is_spoken_for"),
        )
        .join(Organisation, Organisation.id == SourceView.organisation_id)
        .join(AccessRequest, AccessRequest.id == SourceView.request_id)
        .where(SourceView.request_id == request.id)
        .order_by(Organisation.name)
    ).all()


def parts_of(session: Session, request: AccessRequest) -> Sequence[AccessRequestPart]:
    """What was, or has to be, judged for a loaded request."""
    return session.scalars(
        select(AccessRequestPart).where(AccessRequestPart.request_id == request.id)
    ).all()


def load_part(session: Session, request: AccessRequest, part_id: uuid.UUID) -> AccessRequestPart:
    """A part of a loaded request; NotVisible when it belongs to another."""
    found = session.get(AccessRequestPart, part_id)
    if found is None or found.request_id != request.id:
        raise NotVisible
    return found


def load_view(
    session: Session, actor: Actor, view_id: uuid.UUID
) -> tuple[SourceView, AccessRequest]:
    """A question to the actor's own organisation; NotVisible otherwise."""
    row = session.execute(
        own_views(actor).where(SourceView.id == view_id).with_for_update(of=SourceView)
    ).one_or_none()
    if row is None:
        raise NotVisible
    return row.SourceView, row.AccessRequest


def task_of(session: Session, request: AccessRequest) -> Task | None:
    """The task by which a loaded request is reviewed."""
    return session.get(Task, request.task_id) if request.task_id else None


def number_named(session: Session, task: Task) -> int:
    """How many sections a task names."""
    counted = select(func.count()).select_from(TaskSection).where(TaskSection.task_id == task.id)
    return session.scalar(counted) or 0


def answered_without_case(session: Session) -> Sequence[AccessRequest]:
    """Requests nothing was found for, once they are settled; for throwing away after the term."""
    return session.scalars(
        select(AccessRequest).where(
            AccessRequest.case_id.is_(None), AccessRequest.closed_at.is_not(None)
        )
    ).all()
