"""The extract with its texts opened: what page, plain text and PDF of one recipient all show.

Opens after the commit, with one statement on the key store; never adds or leaves out anything. What
was fixed of an item is shown as it was fixed, as far as each line of it may still be seen.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from app.access.records.extracts import Extract, KeptItem
from app.access.records.kept_extracts import Latest, NewPart
from app.domain import minutes_text
from app.domain.minutes_plain import Kept
from app.domain.minutes_text import (
    ActionLine,
    AdditionLine,
    DecisionLine,
    ExtractHead,
    ItemPart,
    NoteLine,
)
from app.infra import crypto
from app.infra.crypto import Sealed


class _Line(Protocol):
    @property
    def id(self) -> uuid.UUID: ...


Line = TypeVar("Line", bound=_Line)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractPage:
    """The extract of one recipient; ``recipient`` is filled in the preview for staff only.

    ``kept`` is the fixed version that reads exactly like this, where there is one. Nobody came to
    the items in ``undiscussed``.
    """

    meeting_id: uuid.UUID
    table_name: str
    starts_at: datetime
    closed: bool
    adopted: bool
    corrections_until_at: datetime | None
    items: tuple[ItemPart, ...]
    undiscussed: frozenset[uuid.UUID]
    kept: Kept | None = None
    recipient: str = ""

    @property
    def corrections_last_at(self) -> datetime | None:
        """The last moment of the period, which ends at a midnight: it lies on the last day."""
        until = self.corrections_until_at
        return until - timedelta(microseconds=1) if until else None

    @property
    def adopted_at(self) -> datetime | None:
        """When the last of the own items was adopted; None while one is not."""
        moments = [one.adopted_at for one in self.items if one.adopted_at is not None]
        return max(moments) if moments and len(moments) == len(self.items) else None


def open_extract(found: Extract, *, recipient: str = "") -> ExtractPage:
    """Open every text with one statement on the key store, after the transaction."""
    sealed = list(dict.fromkeys(text for item in found.items for text in _texts_of(item)))
    texts = dict(zip(sealed, crypto.unseal_many(sealed), strict=True))
    items = tuple(_part(item, found.table_name, texts) for item in found.items)
    return ExtractPage(
        meeting_id=found.meeting_id,
        table_name=found.table_name,
        starts_at=found.starts_at,
        closed=found.closed,
        adopted=found.adopted,
        corrections_until_at=found.corrections_until_at,
        items=items,
        undiscussed=frozenset(one.item_id for one in found.items if not one.was_discussed),
        kept=_kept(found, items),
        recipient=recipient,
    )


def head_of(found: Extract, *, version: int, made_at: datetime) -> ExtractHead:
    """What stands above the items in the canonical text of an extract."""
    return ExtractHead(
        meeting_id=found.meeting_id,
        person_id=found.person_id,
        starts_at=found.starts_at,
        version=version,
        made_at=made_at,
    )


def parts_of(found: Extract, page: ExtractPage) -> list[NewPart]:
    """The items of an opened extract as they are kept."""
    return [
        NewPart(item.item_id, sealed.case_id, minutes_text.part_of(item))
        for sealed, item in zip(found.items, page.items, strict=True)
    ]


def kept_of(latest: Latest) -> Kept:
    """What a page says of the version it shows."""
    return Kept(latest.version, latest.made_at, latest.sha256)


def _kept(found: Extract, items: Sequence[ItemPart]) -> Kept | None:
    latest = found.latest
    if latest is None:
        return None
    head = head_of(found, version=latest.version, made_at=latest.made_at)
    canonical = minutes_text.canonical_of(head, [minutes_text.part_of(one) for one in items])
    return kept_of(latest) if minutes_text.sha256_of(canonical) == latest.sha256 else None


def _texts_of(item: KeptItem) -> Iterator[Sealed]:
    yield item.question
    yield item.fixed
    for decision in item.decisions:
        yield decision.text
        yield decision.dissent
    for action in item.actions:
        yield action.safe
        yield action.full
    for one in (*item.notes, *item.additions):
        yield one.text


def _part(item: KeptItem, table: str, texts: dict[Sealed, str]) -> ItemPart:
    fresh = ItemPart(
        item_id=item.item_id,
        table=table,
        reference=item.reference,
        starts_at=item.starts_at,
        adopted_at=item.adopted_at,
        question=texts[item.question],
        present=item.present,
        oral=item.oral,
        family=item.family,
        notes=tuple(NoteLine(one.id, texts[one.text]) for one in item.notes),
        decisions=tuple(
            DecisionLine(
                one.id,
                one.kind,
                texts[one.text],
                texts[one.dissent],
                one.taken_by,
                one.dissent_by,
                one.rests_on,
            )
            for one in item.decisions
        ),
        actions=tuple(
            ActionLine(
                one.id,
                texts[one.full] or texts[one.safe],
                one.holder,
                one.due_on,
                one.state,
                one.due_at,
            )
            for one in item.actions
        ),
        additions=tuple(AdditionLine(one.id, texts[one.text], one.at) for one in item.additions),
    )
    fixed = texts[item.fixed]
    return _as_fixed(minutes_text.item_of(fixed), fresh) if fixed else fresh


def _as_fixed(fixed: ItemPart, fresh: ItemPart) -> ItemPart:
    """The lines of ``fresh``, each as it was fixed: an action goes on, its minutes do not change.

    Of an action the text is that of today: the full one closes, the neutral one stays. A dissent
    goes where its seat became one that only staff may know of.
    """
    actions = {one.id: one.text for one in fresh.actions}
    dissents = {one.id for one in fresh.decisions if one.dissent}
    return replace(
        fixed,
        oral=_lines(fixed.oral, fresh.oral),
        notes=_lines(fixed.notes, fresh.notes),
        decisions=tuple(
            one if one.id in dissents else replace(one, dissent="", dissent_by="")
            for one in _lines(fixed.decisions, fresh.decisions)
        ),
        actions=tuple(
            replace(one, text=actions[one.id]) for one in _lines(fixed.actions, fresh.actions)
        ),
        additions=_lines(fixed.additions, fresh.additions),
    )


def _lines(fixed: Sequence[Line], fresh: Sequence[Line]) -> tuple[Line, ...]:
    was = {one.id: one for one in fixed}
    return tuple(was.get(one.id, one) for one in fresh)
