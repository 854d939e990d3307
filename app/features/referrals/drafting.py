"""The steps of a draft as pages, and what may be done with one; each is one unit of work."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.access import Actor
from app.access.administration.kinds_in_force import InForce
from app.access.referrals import drafts, following, sending
from app.access.referrals.drafts import OwnDraft
from app.domain.errors import NotVisible
from app.domain.kind_document import KindDocument, Words
from app.domain.kinds import TableKind
from app.domain.referral_drafts import (
    Choice,
    Draft,
    Lack,
    Part,
    Step,
    required_met,
    version_of,
    with_part,
)
from app.domain.table_chooser import Advice, Signs, advise, is_answered
from app.infra import clock
from app.infra.db import reading, transaction
from app.models import CaseTable


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose, with its id."""

    id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class TableOption:
    """A table that takes referrals: what it is for, and whether the answers point to it."""

    id: uuid.UUID
    name: str
    advice: Words
    is_advised: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPage:
    """One step: the whole draft, and of the table what the step asks about."""

    id: uuid.UUID
    step: Step
    draft: Draft
    version: int
    table: str
    document: KindDocument | None
    number: int
    expires_at: datetime
    partners: tuple[Option, ...] = ()
    tables: tuple[TableOption, ...] = ()
    advices: tuple[Advice, ...] = ()

    @property
    def has_deadline(self) -> bool:
        """The table decides on referrals at a fixed moment of the week."""
        return self.document is not None and any(one.weekly for one in self.document.clocks)

    @property
    def nothing_fits(self) -> bool:
        """Every question was answered with no."""
        return not self.advices and is_answered(self.draft.choice.signs)


def begin(actor: Actor, signs: Signs) -> uuid.UUID:
    """Start a draft with the answers to the questions; gives its id."""
    with transaction() as session:
        return drafts.begin(session, actor, Choice(signs))


def step_page(actor: Actor, referral_id: uuid.UUID, step: Step) -> StepPage:
    """A step of an own draft that is about a chosen table; at most four statements."""
    with reading() as session:
        own = drafts.load(session, actor, referral_id)
        partners: Sequence[Option] = ()
        if step is Step.HOUSEHOLD and own.table is not None:
            now = clock.now()
            found = drafts.possible_partners(session, actor, own.table, now=now)
            partners = [Option(one.id, one.name) for one in found]
    return _page(own, step, partners)


def _page(own: OwnDraft, step: Step, partners: Sequence[Option]) -> StepPage:
    return StepPage(
        id=own.referral.id,
        step=step,
        draft=own.draft,
        version=version_of(own.draft, step),
        table=own.table.name if own.table else "",
        document=own.kind.document if own.kind else None,
        number=own.kind.number if own.kind else 0,
        expires_at=own.expires_at,
        partners=tuple(partners),
    )


def table_page(actor: Actor, referral_id: uuid.UUID, signs: Signs | None = None) -> StepPage:
    """The first step of an own draft: the tables, and what the answers point to.

    ``signs`` are the answers just given, before they are stored.
    """
    now = clock.now()
    with reading() as session:
        own = drafts.load_bare(session, actor, referral_id)
        found = drafts.open_tables(session, actor, now=now)
    draft = own.draft
    if signs is not None:
        draft = with_part(draft, Step.TABLE, Choice(signs, draft.choice.table))
    advices = advise(draft.choice.signs)
    kinds = {one.kind for one in advices}
    chosen = next((one for one in found if one[0].id == own.referral.table_id), None)
    return StepPage(
        id=referral_id,
        step=Step.TABLE,
        draft=draft,
        version=version_of(own.draft, Step.TABLE),
        table=chosen[0].name if chosen else "",
        document=chosen[1].document if chosen else None,
        number=chosen[1].number if chosen else 0,
        expires_at=own.expires_at,
        tables=tuple(_option(table, kind, kinds) for table, kind in found),
        advices=advices,
    )


def _option(table: CaseTable, kind: InForce, advised: set[TableKind]) -> TableOption:
    return TableOption(table.id, table.name, kind.document.advice, table.kind in advised)


def save(actor: Actor, page: StepPage, part: Part, *, known: int) -> None:
    """Store one step; StaleEdit when it was changed since version ``known``."""
    with transaction() as session:
        drafts.save(session, actor, page.id, page.step, part, known=known)


def discard(actor: Actor, referral_id: uuid.UUID) -> None:
    """Throw an own draft away."""
    with transaction() as session:
        drafts.discard(session, actor, referral_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPage:
    """Everything that will be sent, but names; and what is missing."""

    id: uuid.UUID
    draft: Draft
    table: str
    document: KindDocument | None
    required: tuple[int, int]
    partners: tuple[str, ...]
    lacks: tuple[Lack, ...]
    expires_at: datetime


def check_page(actor: Actor, referral_id: uuid.UUID) -> CheckPage:
    """An own draft as a whole; four statements."""
    now = clock.now()
    with reading() as session:
        own = drafts.load(session, actor, referral_id)
        known = (
            drafts.possible_partners(session, actor, own.table, now=now)
            if own.table and own.draft.household.partners
            else []
        )
    document, wanted = own.kind.document if own.kind else None, own.draft.household.partners
    return CheckPage(
        id=referral_id,
        draft=own.draft,
        table=own.table.name if own.table else "",
        document=document,
        required=required_met(own.draft.met, document) if document else (0, 0),
        partners=tuple(one.name for one in known if str(one.id) in wanted),
        lacks=own.lacks,
        expires_at=own.expires_at,
    )


def send(actor: Actor, referral_id: uuid.UUID) -> None:
    """Send an own draft to its table, once; Refusal when something is missing."""
    with transaction() as session:
        try:
            own = drafts.load(session, actor, referral_id, held=True)
        except NotVisible:
            # From another tab it went already.
            following.load(session, actor, referral_id)
            return
        sending.send(session, actor, own)
