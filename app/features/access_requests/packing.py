"""Puts the answer to an access request together, for its reviewer and then for who sends it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor, audit
from app.access.lifecycle import access_request_texts as texts
from app.access.lifecycle import access_requests
from app.access.lifecycle.access_request_texts import Item
from app.access.lifecycle.access_requests import LoadedRequest, views_of
from app.access.lifecycle.shared_with import Shared, shared_with
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import AnswerKind, PartKind, RedactionGround, Regime
from app.domain.redaction import Judged, redacted
from app.features.access_requests.judging import Grounds, grounds_of
from app.features.access_requests.service import parts_of, record
from app.infra import clock, crypto
from app.infra.crypto import Sealed
from app.infra.db import transaction
from app.models import AccessRequest, AccessRequestPart, CaseTable

GIVING = (AnswerKind.FULL, AnswerKind.PART)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackPart:
    """One text as it may be read, with whom it was shared."""

    kind: PartKind
    label_nl: str
    label_en: str
    source: str
    at: datetime
    pieces: tuple[Judged, ...]
    shared: tuple[Shared, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """The whole answer; without anything of a case where nothing may be said."""

    request_id: uuid.UUID
    language: str
    table: str
    regime: Regime
    received_on: date
    answered_on: date
    answer: AnswerKind
    identity: tuple[str, ...]
    identity_shared: tuple[Shared, ...]
    is_for_review: bool
    parts: tuple[PackPart, ...]

    @property
    def grounds(self) -> tuple[RedactionGround, ...]:
        """Every ground on which something was left out, once."""
        pieces = [one for part in self.parts for one in part.pieces]
        used = {one for one in pieces if isinstance(one, RedactionGround)}
        return tuple(ground for ground in RedactionGround if ground in used)


def pack_of(actor: Actor, request_id: uuid.UUID) -> Pack:
    """The answer as the reviewer has to judge it, or, once approved, as it may leave."""
    with transaction() as session:
        loaded, is_for_review = _reachable(session, actor, request_id)
        request, answer = loaded.request, loaded.request.answer
        if answer is None:
            raise NotVisible
        found: list[_Text] = []
        identity: list[tuple[uuid.UUID, Sealed]] = []
        known: Sequence[Shared] = ()
        if answer in GIVING and loaded.case is not None:
            found = _texts(session, actor, loaded)
            if not is_for_review:
                identity = texts.identity_of(
                    session, actor, request, loaded.case, views=views_of(session, request)
                )
                known = shared_with(session, loaded.case, [one for one, _text in identity])
        table = session.get_one(CaseTable, request.table_id).name
        record(session, actor, audit.Event.COPY, loaded)
    names = crypto.unseal_many([text for _id, text in identity])
    return Pack(
        request_id=request.id,
        language=request.language,
        table=table,
        regime=request.regime,
        received_on=request.received_on,
        answered_on=clock.today(),
        answer=answer,
        identity=tuple(names),
        identity_shared=tuple(known),
        is_for_review=is_for_review,
        parts=_packed(found),
    )


def _reachable(session: Session, actor: Actor, request_id: uuid.UUID) -> tuple[LoadedRequest, bool]:
    """For its reviewer while under review, for staff once it was approved."""
    if actor.is_privacy_officer:
        # Who reviews may be staff of some table too, and then sends answers of others.
        with suppress(NotVisible):
            loaded = access_requests.load_review(session, actor, request_id)
            task = access_requests.task_of(session, loaded.request)
            if task is None or task.accepted_at is not None:
                return loaded, True
    loaded = access_requests.load_request(session, actor, request_id)
    if not loaded.request.approved:
        raise NotVisible
    return loaded, False


@dataclass(frozen=True, slots=True)
class _Text:
    """A text still sealed, what was judged of it, and with whom it was shared."""

    item: Item
    part: AccessRequestPart
    shared: tuple[Shared, ...]


def _texts(session: Session, actor: Actor, loaded: LoadedRequest) -> list[_Text]:
    assert loaded.case is not None  # noqa: S101 - the caller asked
    views = views_of(session, loaded.request)
    parts = {one.object_id: one for one in parts_of(session, loaded.request)}
    items = [
        one
        for one in texts.items_of(session, actor, loaded.request, loaded.case)
        if one.object_id in parts and texts.may_give(one, views)
    ]
    shared = shared_with(session, loaded.case, [one.object_id for one in items])
    return [
        _Text(
            item,
            parts[item.object_id],
            tuple(one for one in shared if one.object_id == item.object_id),
        )
        for item in items
    ]


def _packed(chosen: Sequence[_Text]) -> tuple[PackPart, ...]:
    opened = crypto.unseal_many([one.item.text for one in chosen])
    found = []
    for one, text in zip(chosen, opened, strict=True):
        judged = grounds_of(one.part, text)
        if judged is None:
            raise Refusal(Reason.JUDGE_FIRST)
        pieces = tuple(redacted(text, judged))
        if pieces:
            found.append(_part(one, pieces))
    return tuple(found)


def _part(one: _Text, pieces: tuple[Judged, ...]) -> PackPart:
    return PackPart(
        kind=one.item.kind,
        label_nl=one.item.label_nl,
        label_en=one.item.label_en,
        source="" if one.item.is_source_hidden else one.item.source,
        at=one.item.at,
        pieces=pieces,
        shared=one.shared,
    )


def judged_items(
    session: Session, actor: Actor, loaded: LoadedRequest, views: Sequence[Any]
) -> list[tuple[Item, Grounds | None]]:
    """Every text that may be given with what was judged of it; None where nothing was."""
    assert loaded.case is not None  # noqa: S101 - the caller asked
    parts = {one.object_id: one for one in parts_of(session, loaded.request)}
    items = texts.items_of(session, actor, loaded.request, loaded.case)
    opened = crypto.unseal_many([one.text for one in items])
    return [
        (item, grounds_of(parts[item.object_id], text) if item.object_id in parts else None)
        for item, text in zip(items, opened, strict=True)
        if texts.may_give(item, views)
    ]


def is_new(request: AccessRequest) -> bool:
    """Whether it is still being prepared."""
    return request.prepared_at is None and request.closed_at is None
