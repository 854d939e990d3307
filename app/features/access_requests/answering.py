"""The answer: put before a privacy officer, reviewed, and sent."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor, audit
from app.access.lifecycle import access_request_texts as texts
from app.access.lifecycle import access_requests
from app.access.lifecycle.access_request_texts import Item
from app.access.lifecycle.access_requests import LoadedRequest
from app.access.lifecycle.requests_waiting import queue_review
from app.domain.errors import Reason, Refusal
from app.domain.kinds import AnswerKind, PartKind, TaskKind
from app.domain.local_time import start_of_day
from app.features.access_requests.packing import judged_items
from app.features.access_requests.service import add_missing_parts, load_open, record
from app.infra import clock, crypto
from app.infra.crypto import KeyScope
from app.infra.db import transaction
from app.models import AccessRequest, Person, ReviewRemark, Task, TaskSection


def submit(
    actor: Actor, request_id: uuid.UUID, answer: AnswerKind, *, reviewer_id: uuid.UUID
) -> None:
    """Put the answer before a privacy officer; giving takes that everything was judged."""
    with transaction() as session:
        loaded = load_open(session, actor, request_id)
        request = loaded.request
        officers = access_requests.officers(session, loaded.case, but=actor.person_id)
        reviewer = next((one for one in officers if one.id == reviewer_id), None)
        if reviewer is None:
            raise Refusal(Reason.VALUE_UNKNOWN, "reviewer")
        request.answer, request.reviewer_id, request.task_id = answer, reviewer.id, None
        if answer is AnswerKind.FULL:
            _give(session, actor, loaded, reviewer)
        request.prepared_by_id, request.prepared_at = actor.person_id, clock.now()
        request.approved, request.reviewed_at = None, None
        access_requests.drop_remark(session, request)
        queue_review(session, request, reviewer.id)
        record(session, actor, audit.Event.AUTHORISE, loaded)


def _give(session: Session, actor: Actor, loaded: LoadedRequest, reviewer: Person) -> None:
    request = loaded.request
    if loaded.case is None or request.person_concerned_id is None:
        raise Refusal(Reason.PERSON_FIRST, "answer")
    views = access_requests.views_of(session, request)
    answered = {
        row.SourceView.organisation_id for row in views if row.SourceView.answered_at is not None
    }
    if set(texts.sources_of(session, request, loaded.case)) - answered:
        raise Refusal(Reason.SOURCES_FIRST, "answer")
    add_missing_parts(session, actor, request, loaded.case)
    session.flush()
    judged = judged_items(session, actor, loaded, views)
    if any(grounds is None for _item, grounds in judged):
        raise Refusal(Reason.JUDGE_FIRST, "answer")
    total = len(texts.items_of(session, actor, request, loaded.case))
    left_out = len(judged) < total or any(any(grounds or ()) for _item, grounds in judged)
    request.answer = AnswerKind.PART if left_out or is_withheld(views) else AnswerKind.FULL
    sections = [item for item, _ in judged if item.kind is PartKind.SECTION]
    task = _task_for(actor, loaded, reviewer)
    session.add(task)
    _name_fields(session, task, sections, views)
    request.task_id = task.id


def is_withheld(views: Sequence[Any]) -> bool:
    """What a source only staff know of brought stays out, identity too, which is not judged."""
    return any(row.is_hidden and row.SourceView.opinion not in texts.AGREED for row in views)


def _task_for(actor: Actor, loaded: LoadedRequest, reviewer: Person) -> Task:
    """A task for the reviewer that ends with the term of the answer (access.md §1)."""
    case, task_id, now = loaded.case, uuid.uuid4(), clock.now()
    assert case is not None  # noqa: S101 - the caller asked
    until = max(start_of_day(loaded.request.due_on), now) + access_requests.REVIEW_MARGIN
    return Task(
        id=task_id, person_id=reviewer.id, organisation_id=reviewer.organisation_id,
        case_id=case.id, table_id=case.table_id, kind=TaskKind.ACCESS_REVIEW,
        from_at=now, until_at=until, granted_by_id=actor.person_id, granted_at=now,
    )  # fmt: skip


def _name_fields(
    session: Session, task: Task, sections: Sequence[Item], views: Sequence[Any]
) -> None:
    """Exactly the sections of the answer; what its source agreed to counts as its decision.

    Under any regime: a source may have asked to be asked about every reader.
    """
    decided = {row.SourceView.organisation_id: row.SourceView for row in views}
    for one in sections:
        view = decided.get(one.source_id)
        if view is not None and view.opinion not in texts.AGREED:
            view = None
        session.add(
            TaskSection(
                task_id=task.id, section_id=one.object_id,
                source_decided_by_id=view.answered_by_id if view else None,
                source_decided_at=view.answered_at if view else None,
            )
        )  # fmt: skip
    session.flush()


def take_back(actor: Actor, request_id: uuid.UUID) -> None:
    """Nobody reviewed it yet: prepare it anew, or put it before somebody else."""
    with transaction() as session:
        loaded = access_requests.load_request(session, actor, request_id)
        request = loaded.request
        if request.prepared_at is None or request.approved:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        task = access_requests.task_of(session, request)
        if task is not None and task.ended_at is None:
            task.ended_at, task.ended_by_id = clock.now(), actor.person_id
        request.prepared_at, request.answer, request.task_id = None, None, None
        record(session, actor, audit.Event.CHANGE, loaded)


def accept(actor: Actor, request_id: uuid.UUID) -> None:
    """The reviewer takes the task on, confidentiality included."""
    with transaction() as session:
        loaded = access_requests.load_review(session, actor, request_id)
        task = _task(session, loaded.request)
        if task is None or task.accepted_at is not None:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        task.accepted_at = clock.now()
        record(session, actor, audit.Event.AUTHORISE, loaded)


def review(actor: Actor, request_id: uuid.UUID, *, approve: bool, remark: str) -> None:
    """Approve, or send back with a remark; either way the task ends."""
    with transaction() as session:
        loaded = access_requests.load_review(session, actor, request_id)
        request, now = loaded.request, clock.now()
        task = _task(session, request)
        if task is not None and task.accepted_at is None:
            raise Refusal(Reason.ACCEPT_FIRST)
        if request.prepared_by_id == actor.person_id:
            raise Refusal(Reason.CONFIRM_BY_OTHER)
        if not approve and not remark:
            raise Refusal(Reason.REASON_NEEDED, "remark")
        if remark:
            session.add(_remark(request, remark))
            session.flush()
        if task is not None:
            task.ended_at, task.ended_by_id = now, actor.person_id
        request.reviewed_at, request.approved = now, approve or None
        if not approve:
            request.prepared_at, request.answer = None, None
        outcome = "done" if approve else "refused"
        record(session, actor, audit.Event.AUTHORISE, loaded, outcome)


def _remark(request: AccessRequest, remark: str) -> ReviewRemark:
    scope, binding = KeyScope.of_request(request.id), access_requests.remark_binding(request.id)
    return ReviewRemark(
        request_id=request.id, text_ct=crypto.seal(scope, remark, belongs_to=binding)
    )


def close(actor: Actor, request_id: uuid.UUID) -> None:
    """The approved answer was sent; the case is no longer held for it."""
    with transaction() as session:
        loaded = access_requests.load_request(session, actor, request_id)
        if not loaded.request.approved or loaded.request.closed_at is not None:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        loaded.request.closed_at = clock.now()
        record(session, actor, audit.Event.TRANSFER, loaded)


def _task(session: Session, request: AccessRequest) -> Task | None:
    return access_requests.task_of(session, request)
