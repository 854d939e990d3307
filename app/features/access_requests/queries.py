"""Reads access requests for their list, their own page and the page of their reviewer."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, audit, case_scopes
from app.access.lifecycle import access_requests, retention
from app.access.lifecycle.access_requests import LoadedRequest
from app.domain.kinds import AnswerKind, AuthorityCheck, IdentityCheck, Regime, SourceOpinion
from app.domain.terms import REPLYING
from app.features.access_requests import packing, service
from app.features.access_requests.people import concerned_of
from app.infra import clock, crypto
from app.infra.crypto import Sealed
from app.infra.db import reading, transaction
from app.models import AccessRequest, CaseTable


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLine:
    """One request in a list; the case shows to staff alone."""

    id: uuid.UUID
    table: str
    regime: Regime
    reference: str
    received_on: date
    due_on: date
    days_left: int
    is_closed: bool
    is_reviewed: bool
    is_under_review: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestList:
    """What the reader prepares, and what the reader reviews."""

    is_staff: bool
    own: tuple[RequestLine, ...]
    to_review: tuple[RequestLine, ...]


def request_list(actor: Actor) -> RequestList:
    """Requests at the tables served, those that wait first; and those to review."""
    with reading() as session:
        own = session.execute(
            access_requests.staff_requests(actor).order_by(
                AccessRequest.closed_at.is_not(None), AccessRequest.due_on, AccessRequest.id
            )
        ).all()
        mine = (
            session.execute(access_requests.reviews(actor).order_by(AccessRequest.due_on)).all()
            if actor.is_privacy_officer
            else []
        )
        tables = {one.id: one.name for one in session.scalars(select(CaseTable))}
    return RequestList(
        is_staff=actor.is_staff,
        own=tuple(_line(row.AccessRequest, tables, row.Case and row.Case.reference) for row in own),
        to_review=tuple(_line(row.AccessRequest, tables, "") for row in mine),
    )


def _line(
    request: AccessRequest, tables: Mapping[uuid.UUID, str], reference: str | None
) -> RequestLine:
    return RequestLine(
        id=request.id,
        table=tables[request.table_id],
        regime=request.regime,
        reference=reference or "",
        received_on=request.received_on,
        due_on=request.due_on,
        days_left=(request.due_on - clock.today()).days,
        is_closed=request.closed_at is not None,
        is_reviewed=bool(request.approved),
        is_under_review=request.prepared_at is not None and not request.approved,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Something to choose from a list."""

    id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChoice:
    """A person concerned by label and role."""

    id: uuid.UUID
    label: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLine:
    """One text of the answer: what it is, and whether it was judged."""

    id: uuid.UUID
    label_nl: str
    label_en: str
    source: str
    at: datetime
    is_judged: bool
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewLine:
    """What one source says, and when; ``has_nobody`` tells that no one could say it.

    ``organisation`` is empty for the reviewer of a source only staff may know of.
    """

    id: uuid.UUID
    organisation: str
    opinion: SourceOpinion | None
    reason: str
    at: datetime | None
    has_nobody: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPage:
    """Everything staff see of one request."""

    id: uuid.UUID
    line: RequestLine
    case_id: uuid.UUID | None
    requester: str
    identity_check: IdentityCheck
    authority_check: AuthorityCheck
    answer_language: str
    is_extended: bool
    may_extend: bool
    is_new: bool
    person_id: uuid.UUID | None
    people: tuple[PersonChoice, ...]
    parts: tuple[PartLine, ...]
    not_given: int
    views: tuple[ViewLine, ...]
    officers: tuple[Choice, ...]
    answer: AnswerKind | None
    is_stuck: bool
    remark: str


def request_page(actor: Actor, request_id: uuid.UUID) -> RequestPage:
    """One request as staff prepare it; every text that is opened for it is recorded."""
    with transaction() as session:
        loaded = access_requests.load_request(session, actor, request_id)
        request = loaded.request
        tables = {request.table_id: session.get_one(CaseTable, request.table_id).name}
        term = retention.terms_of(session, [request.table_id])[request.table_id]
        views = access_requests.views_of(session, request)
        people = concerned_of(session, actor, loaded.case) if loaded.case else []
        parts, not_given = _parts(session, actor, loaded, views)
        officers = access_requests.officers(session, loaded.case, but=actor.person_id)
        is_stuck = _is_stuck(session, actor, request, {one.id for one in officers})
        sealed = access_requests.sealed_texts(session, request)
        service.record(session, actor, audit.Event.READ, loaded)
    labels = crypto.unseal_many([one.label for one in people])
    requester, remark = crypto.unseal_many(sealed)
    is_new = packing.is_new(request)
    return RequestPage(
        id=request.id,
        line=_line(request, tables, loaded.case.reference if loaded.case else ""),
        case_id=request.case_id,
        requester=requester,
        identity_check=request.identity_check,
        authority_check=request.authority_check,
        answer_language=request.language,
        is_extended=request.extended_at is not None,
        may_extend=is_new
        and request.extended_at is None
        and bool(term[REPLYING[request.regime]].extra)
        and request.due_on >= clock.today(),
        is_new=is_new,
        person_id=request.person_concerned_id,
        people=tuple(
            PersonChoice(id=one.id, label=label, role=one.role.value)
            for one, label in zip(people, labels, strict=True)
        ),
        parts=parts,
        not_given=not_given,
        views=_views(views, are_named=True),
        officers=tuple(Choice(id=one.id, name=one.name) for one in officers),
        answer=request.answer,
        is_stuck=is_stuck,
        remark=remark,
    )


def _is_stuck(
    session: Session, actor: Actor, request: AccessRequest, officers: Collection[uuid.UUID]
) -> bool:
    """It lies with somebody who cannot review it any more, or not in time."""
    if request.prepared_at is None or request.approved or request.reviewer_id is None:
        return False
    task = access_requests.task_of(session, request)
    is_over = task is not None and (
        task.ended_at is not None or (task.until_at is not None and task.until_at <= clock.now())
    )
    return is_over or request.reviewer_id not in {*officers, actor.person_id}


def _parts(
    session: Session, actor: Actor, loaded: LoadedRequest, views: Sequence[Any]
) -> tuple[tuple[PartLine, ...], int]:
    """The texts that may be given, and how many may not without their source."""
    if loaded.case is None or not packing.is_new(loaded.request):
        return (), 0
    ids = {one.object_id: one.id for one in service.parts_of(session, loaded.request)}
    judged = packing.judged_items(session, actor, loaded, views)
    lines = tuple(
        PartLine(
            id=ids[item.object_id],
            label_nl=item.label_nl,
            label_en=item.label_en,
            source=item.source,
            at=item.at,
            is_judged=grounds is not None,
            left_out=sum(one is not None for one in grounds or ()),
        )
        for item, grounds in judged
        if item.object_id in ids
    )
    return lines, len(ids) - len(lines)


def _views(views: Sequence[Any], *, are_named: bool) -> tuple[ViewLine, ...]:
    reasons = crypto.unseal_many(
        [
            Sealed(row.SourceView.reason_ct, access_requests.view_binding(row.SourceView.id))
            for row in views
        ]
    )
    return tuple(
        ViewLine(
            id=row.SourceView.id,
            organisation=row.name if are_named or not row.is_hidden else "",
            opinion=row.SourceView.opinion,
            reason=reason,
            at=row.SourceView.answered_at,
            has_nobody=row.SourceView.opinion is None and not row.is_spoken_for,
        )
        for row, reason in zip(views, reasons, strict=True)
    )


def intake_choices(actor: Actor) -> tuple[Choice, ...]:
    """The tables served."""
    with reading() as session:
        tables = session.scalars(case_scopes.served_tables(actor)).all()
    return tuple(Choice(id=one.id, name=one.name) for one in tables)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage:
    """What a reviewer knows before the answer is opened: no case, no name."""

    line: RequestLine
    answer: AnswerKind
    identity_check: IdentityCheck
    authority_check: AuthorityCheck
    fields: int
    must_accept: bool
    views: tuple[ViewLine, ...]


def review_page(actor: Actor, request_id: uuid.UUID) -> ReviewPage:
    """One request that waits for the actor's review; what the sources say once it is accepted."""
    with transaction() as session:
        loaded = access_requests.load_review(session, actor, request_id)
        request = loaded.request
        tables = {request.table_id: session.get_one(CaseTable, request.table_id).name}
        task = access_requests.task_of(session, request)
        fields = access_requests.number_named(session, task) if task else 0
        must_accept = task is not None and task.accepted_at is None
        views = () if must_accept else access_requests.views_of(session, request)
        service.record(session, actor, audit.Event.READ, loaded)
    assert request.answer is not None  # noqa: S101 - only what was put before a reviewer is found
    return ReviewPage(
        line=_line(request, tables, ""),
        answer=request.answer,
        identity_check=request.identity_check,
        authority_check=request.authority_check,
        fields=fields,
        must_accept=must_accept,
        views=_views(views, are_named=False),
    )
