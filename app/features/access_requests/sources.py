"""What a source organisation says of giving the sections it brought."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.access import Actor, audit, disclosure
from app.access.lifecycle import access_requests
from app.domain.errors import Reason, Refusal
from app.domain.kinds import Regime, SourceOpinion
from app.features.access_requests.service import load_open
from app.infra import clock, crypto
from app.infra.crypto import KeyScope
from app.infra.db import transaction
from app.models import AccessRequest, SourceView


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnText:
    """One section of the own organisation that the answer may hold."""

    label_nl: str
    label_en: str
    regime: Regime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewPage:
    """What is asked, until when, and the own sections it is about."""

    view_id: uuid.UUID
    due_on: date
    texts: tuple[OwnText, ...]
    opinion: SourceOpinion | None


def view_page(actor: Actor, view_id: uuid.UUID) -> ViewPage:
    """The own sections the request is about; their reading is recorded."""
    with transaction() as session:
        view, request = access_requests.load_view(session, actor, view_id)
        cases = [one for one in (request.case_id,) if one is not None]
        opened = disclosure.read_sections(session, actor, cases, now=clock.now())
    own = [
        one
        for one in opened
        if one.source_organisation_id == actor.organisation_id
        and one.person_concerned_id in (None, request.person_concerned_id)
    ]
    texts = crypto.unseal_many([one.text for one in own])
    return ViewPage(
        view_id=view.id,
        due_on=request.due_on,
        texts=tuple(
            OwnText(label_nl=one.label_nl, label_en=one.label_en, regime=one.regime, text=text)
            for one, text in zip(own, texts, strict=True)
        ),
        opinion=view.opinion,
    )


def give_view(actor: Actor, view_id: uuid.UUID, opinion: SourceOpinion, reason: str) -> None:
    """Say yes, in part or no; with a reason unless it is a plain yes. May be changed until sent."""
    with transaction() as session:
        view, request = access_requests.load_view(session, actor, view_id)
        if request.prepared_at is not None:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        if opinion is SourceOpinion.NONE:
            raise Refusal(Reason.VALUE_UNKNOWN, "opinion")
        if opinion is not SourceOpinion.YES and not reason:
            raise Refusal(Reason.REASON_NEEDED, "reason")
        _keep(session, actor, request, view, opinion=opinion, reason=reason)


def note_silence(actor: Actor, request_id: uuid.UUID, view_id: uuid.UUID, reason: str) -> None:
    """Staff write down why a source that was asked does not answer; it still may, until sent.

    What only its yes could open stays shut. Refusal REASON_NEEDED, VALUE_UNKNOWN.
    """
    with transaction() as session:
        loaded = load_open(session, actor, request_id)
        asked = [row.SourceView for row in access_requests.views_of(session, loaded.request)]
        view = next((one for one in asked if one.id == view_id and one.opinion is None), None)
        if view is None:
            raise Refusal(Reason.VALUE_UNKNOWN, "source")
        if not reason:
            raise Refusal(Reason.REASON_NEEDED, "reason")
        # The source may be answering at this very moment.
        session.refresh(view, with_for_update=True)
        if view.opinion is not None:
            raise Refusal(Reason.VALUE_UNKNOWN, "source")
        _keep(session, actor, loaded.request, view, opinion=SourceOpinion.NONE, reason=reason)


def _keep(
    session: Session,
    actor: Actor,
    request: AccessRequest,
    view: SourceView,
    *,
    opinion: SourceOpinion,
    reason: str,
) -> None:
    view.opinion, view.answered_by_id, view.answered_at = opinion, actor.person_id, clock.now()
    view.reason_ct = _sealed(view, reason)
    entry = audit.Entry(
        event=audit.Event.AUTHORISE, object_kind="source-view", object_id=view.id,
        case_id=request.case_id, table_id=request.table_id,
    )  # fmt: skip
    audit.record(session, actor, entry)


def _sealed(view: SourceView, reason: str) -> bytes | None:
    if not reason:
        return None
    scope = KeyScope.of_request(view.request_id)
    return crypto.seal(scope, reason, belongs_to=access_requests.view_binding(view.id))
