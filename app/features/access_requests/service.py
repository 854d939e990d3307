"""The first acts on an access request: intake, whom it is about, its sources, more time."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.access import Actor, Permission, audit, load_staff_table
from app.access.lifecycle import access_request_texts as texts
from app.access.lifecycle import access_requests, retention
from app.access.lifecycle.access_requests import LoadedRequest
from app.access.lifecycle.requests_waiting import queue_view
from app.domain.errors import Reason, Refusal
from app.domain.kinds import AuthorityCheck, IdentityCheck, PartKind, Regime
from app.domain.terms import REPLYING, ends_on
from app.features.access_requests.people import concerned_of
from app.infra import clock, crypto
from app.infra.crypto import KeyScope
from app.infra.db import transaction
from app.models import AccessRequest, AccessRequestPart, Case, Requester, SourceView


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Who asks, since when, under which law, and what was checked; ``reference`` may be empty.

    ``language``: in which the answer is written.
    """

    table_id: uuid.UUID
    regime: Regime
    received_on: date
    requester: str
    identity_check: IdentityCheck
    authority_check: AuthorityCheck
    reference: str
    language: str = "nl"


def take_in(actor: Actor, intake: Intake) -> uuid.UUID:
    """Record a request; its term runs from the day it came in."""
    with transaction() as session:
        table = load_staff_table(session, actor, intake.table_id, Permission.ACCESS_REQUEST_MANAGE)
        if intake.received_on > clock.today():
            raise Refusal(Reason.SAID_IN_FUTURE, "received_on")
        case = None
        if intake.reference:
            case = access_requests.find_case(session, actor, table.id, intake.reference)
            if case is None:
                raise Refusal(Reason.CASE_UNKNOWN, "reference")
        subject = REPLYING[intake.regime]
        term = retention.terms_of(session, [table.id])[table.id][subject]
        request_id = uuid.uuid4()
        request = AccessRequest(
            id=request_id,
            table_id=table.id,
            case_id=case.id if case else None,
            regime=intake.regime,
            identity_check=intake.identity_check,
            authority_check=intake.authority_check,
            language=intake.language,
            received_on=intake.received_on,
            due_on=ends_on(subject, intake.received_on, term.amount),
            recorded_by_id=actor.person_id,
            recorded_at=clock.now(),
        )
        session.add(request)
        session.flush()
        session.add(_requester(request_id, intake.requester))
        record(session, actor, audit.Event.ADD, LoadedRequest(request, case))
    return request_id


def _requester(request_id: uuid.UUID, name: str) -> Requester:
    scope, binding = KeyScope.of_request(request_id), access_requests.requester_binding(request_id)
    return Requester(request_id=request_id, name_ct=crypto.seal(scope, name, belongs_to=binding))


def choose_person(actor: Actor, request_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """Say whom of the case it is about; what was judged about somebody else is dropped."""
    with transaction() as session:
        loaded = load_open(session, actor, request_id)
        case = need_case(loaded)
        if person_id not in {one.id for one in concerned_of(session, actor, case)}:
            raise Refusal(Reason.VALUE_UNKNOWN, "person")
        for part in parts_of(session, loaded.request):
            session.delete(part)
        loaded.request.person_concerned_id = person_id
        session.flush()
        add_missing_parts(session, actor, loaded.request, case)
        record(session, actor, audit.Event.CHANGE, loaded)


def add_missing_parts(session: Session, actor: Actor, request: AccessRequest, case: Case) -> int:
    """A part for every text there is and was not there before; gives how many."""
    known = {part.object_id for part in parts_of(session, request)}
    items = texts.items_of(session, actor, request, case)
    missing = [one for one in items if one.object_id not in known]
    session.add_all(
        AccessRequestPart(request_id=request.id, kind=one.kind, object_id=one.object_id)
        for one in missing
    )
    return len(missing)


def ask_sources(actor: Actor, request_id: uuid.UUID) -> int:
    """Ask each source what it thinks; those asked before are left alone. Gives how many."""
    with transaction() as session:
        loaded = load_open(session, actor, request_id)
        case = need_case(loaded)
        asked = {
            row.SourceView.organisation_id
            for row in access_requests.views_of(session, loaded.request)
        }
        missing = set(texts.sources_of(session, loaded.request, case)) - asked
        views = [
            SourceView(
                id=uuid.uuid4(), request_id=request_id, organisation_id=one, asked_at=clock.now()
            )
            for one in missing
        ]
        session.add_all(views)
        for view in views:
            queue_view(session, view, case.table_id)
        record(session, actor, audit.Event.CHANGE, loaded)
    return len(missing)


def extend(actor: Actor, request_id: uuid.UUID) -> None:
    """Take the longer term, once, before the first one ends."""
    with transaction() as session:
        loaded = load_open(session, actor, request_id)
        request = loaded.request
        subject = REPLYING[request.regime]
        term = retention.terms_of(session, [request.table_id])[request.table_id][subject]
        if request.extended_at or not term.extra or request.due_on < clock.today():
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        request.due_on = ends_on(subject, request.received_on, term.amount + term.extra)
        request.extended_at = clock.now()
        record(session, actor, audit.Event.CHANGE, loaded)


def load_open(session: Session, actor: Actor, request_id: uuid.UUID) -> LoadedRequest:
    """A request that is still being prepared."""
    loaded = access_requests.load_request(session, actor, request_id)
    if loaded.request.prepared_at is not None or loaded.request.closed_at is not None:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    return loaded


def need_case(loaded: LoadedRequest) -> Case:
    """The case of a request; Refusal when nothing was found for it."""
    if loaded.case is None:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    return loaded.case


def parts_of(session: Session, request: AccessRequest) -> list[AccessRequestPart]:
    """The parts of a loaded request: questions first, then sections, agreements and actions."""
    order = list(PartKind)
    found = access_requests.parts_of(session, request)
    return sorted(found, key=lambda one: (order.index(one.kind), one.id))


def record(
    session: Session,
    actor: Actor,
    event: audit.Event,
    loaded: LoadedRequest,
    outcome: str = "done",
) -> None:
    """One log row about a request."""
    entry = audit.Entry(
        event=event, object_kind="access-request", object_id=loaded.request.id, outcome=outcome,
        case_id=loaded.case.id if loaded.case else None, table_id=loaded.request.table_id,
    )  # fmt: skip
    audit.record(session, actor, entry)
