"""Judging one text passage by passage: what may be read, and on which ground something may not."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.access import Actor, audit
from app.access.lifecycle import access_request_texts as texts
from app.access.lifecycle import access_requests
from app.access.lifecycle.access_request_texts import Item
from app.domain.errors import NotVisible, StaleEdit
from app.domain.kinds import PartKind, RedactionGround
from app.domain.redaction import passages
from app.features.access_requests.service import load_open, need_case, record
from app.infra import clock, crypto
from app.infra.db import transaction
from app.models import AccessRequestPart

Grounds = tuple[RedactionGround | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartPage:
    """One text in passages, with what was judged of each before."""

    request_id: uuid.UUID
    reference: str
    label_nl: str
    label_en: str
    source: str
    at: datetime
    about_requested: bool
    passages: tuple[str, ...]
    grounds: Grounds


def part_page(actor: Actor, request_id: uuid.UUID, part_id: uuid.UUID) -> PartPage:
    """Open one text for judging; the reading is recorded."""
    with transaction() as session:
        loaded = load_open(session, actor, request_id)
        case = need_case(loaded)
        part = access_requests.load_part(session, loaded.request, part_id)
        items = texts.items_of(session, actor, loaded.request, case)
    item = _item_of(part, items)
    text = crypto.unseal(item.text)
    return PartPage(
        request_id=request_id,
        reference=case.reference,
        label_nl=item.label_nl,
        label_en=item.label_en,
        source=item.source,
        at=item.at,
        about_requested=item.about_requested,
        passages=passages(text),
        grounds=grounds_of(part, text) or (None,) * len(passages(text)),
    )


def judge(actor: Actor, request_id: uuid.UUID, part_id: uuid.UUID, grounds: Grounds) -> None:
    """Store the judgement of every passage; StaleEdit when the text changed meanwhile."""
    with transaction() as session:
        loaded = load_open(session, actor, request_id)
        part = access_requests.load_part(session, loaded.request, part_id)
        items = texts.items_of(session, actor, loaded.request, need_case(loaded))
        text = crypto.unseal(_item_of(part, items).text)
        if len(passages(text)) != len(grounds):
            raise StaleEdit(text, loaded.request.version)
        part.grounds = json.dumps([one.value if one else "" for one in grounds])
        part.text_hash = hash_of(text)
        part.judged_by_id, part.judged_at = actor.person_id, clock.now()
        record(session, actor, audit.Event.CHANGE, loaded)


def grounds_of(part: AccessRequestPart, text: str) -> Grounds | None:
    """What was judged of this very text; None when nothing was, or of another text."""
    if part.judged_at is None or part.text_hash != hash_of(text):
        return None
    return tuple(RedactionGround(one) if one else None for one in json.loads(part.grounds))


def hash_of(text: str) -> str:
    """Keyed, so that a text cannot be guessed from it."""
    return hashlib.sha256(crypto.store().fingerprint(f"judged:{text}")).hexdigest()


def _item_of(part: AccessRequestPart, items: Sequence[Item]) -> Item:
    kinds: tuple[PartKind, uuid.UUID] = (part.kind, part.object_id)
    found = next((one for one in items if (one.kind, one.object_id) == kinds), None)
    if found is None:
        raise NotVisible
    return found
