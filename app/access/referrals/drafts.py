"""The draft of a referral: its writer's alone, sealed under a key of its own, until it is sent.

Every function starts from the own draft; nobody else's is ever loaded. What is thrown away is soon
unreadable in older backups too: the worker destroys its key.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Label, delete, select
from sqlalchemy.orm import Session

from app.access import checks
from app.access.actor import Actor
from app.access.administration.kinds_in_force import InForce, all_in_force, code_of, in_force
from app.access.conditions import is_live
from app.access.referrals.scopes import own_referrals
from app.domain import referral_drafts
from app.domain.errors import NotVisible, StaleEdit
from app.domain.kinds import OrganisationKind, ReferralState
from app.domain.referral_drafts import Choice, Draft, Part, Step
from app.infra import clock, crypto, outbox, wall
from app.infra.crypto import KeyScope, Sealed
from app.infra.wall import System
from app.models import CaseTable, Covenant, Organisation, Referral

KEPT: Final = timedelta(days=30)
EXPIRED: Final = "referrals.expired"
FORGOTTEN: Final = "referrals.forgotten"


@dataclass(frozen=True, slots=True)
class OwnDraft:
    """An own draft as it stands, with the table it is for while that takes referrals."""

    referral: Referral
    draft: Draft
    table: CaseTable | None
    kind: InForce | None

    @property
    def lacks(self) -> tuple[referral_drafts.Lack, ...]:
        """What is missing before it can be sent."""
        document = self.kind.document if self.kind else None
        number = self.kind.number if self.kind else 0
        return referral_drafts.lacks(self.draft, document, number)

    @property
    def expires_at(self) -> datetime:
        """When it is thrown away if nothing is changed any more."""
        return self.referral.changed_at + KEPT


def binding(referral_id: uuid.UUID) -> str:
    """What the sealed draft is bound to."""
    return f"referral:{referral_id}:draft"


def may_begin(actor: Actor) -> None:
    """Only who may refer begins a draft; NotVisible."""
    checks.note()
    if not actor.may_refer:
        raise NotVisible


def begin(session: Session, actor: Actor, choice: Choice) -> uuid.UUID:
    """Start a draft with its first step."""
    may_begin(actor)
    draft = referral_drafts.with_part(Draft(), Step.TABLE, choice)
    referral_id, now = uuid.uuid4(), clock.now()
    session.add(
        Referral(
            id=referral_id,
            person_id=actor.person_id,
            organisation_id=actor.organisation_id,
            table_id=uuid.UUID(choice.table) if choice.table else None,
            state=ReferralState.DRAFT,
            draft_ct=crypto.seal(
                KeyScope.of_referral(referral_id),
                referral_drafts.dump(draft),
                belongs_to=binding(referral_id),
            ),
            started_at=now,
            changed_at=now,
        )
    )
    return referral_id


def load(session: Session, actor: Actor, referral_id: uuid.UUID, *, held: bool = False) -> OwnDraft:
    """An own draft with its kind; NotVisible for anybody else's, and for what was sent.

    ``held``: until the unit of work ends nobody else changes it. Two statements, one for the key.
    """
    referral, table, partner = _own(session, actor, referral_id, held=held)
    draft = referral_drafts.parse(crypto.unseal(sealed(referral)))
    if table is None or table.ended_at is not None:
        return OwnDraft(referral, draft, None, None)
    kind = in_force(session, table, clock.now())
    if not kind.document.takes_from(partner):
        return OwnDraft(referral, draft, None, None)
    return OwnDraft(referral, draft, table, kind)


def load_bare(session: Session, actor: Actor, referral_id: uuid.UUID) -> OwnDraft:
    """An own draft without asking what kind its table is of. One statement, one for the key."""
    referral, table, _partner = _own(session, actor, referral_id, held=False)
    draft = referral_drafts.parse(crypto.unseal(sealed(referral)))
    return OwnDraft(referral, draft, table, None)


def _own(
    session: Session, actor: Actor, referral_id: uuid.UUID, *, held: bool
) -> tuple[Referral, CaseTable | None, OrganisationKind]:
    """The draft, the table it is for, and of which kind of partner it comes."""
    wanted = (
        own_referrals(actor, now=clock.now())
        .outerjoin(CaseTable, CaseTable.id == Referral.table_id)
        .add_columns(CaseTable, _kind_of(actor))
        .where(Referral.id == referral_id, Referral.state == ReferralState.DRAFT)
    )
    if held:
        wanted = wanted.with_for_update(of=Referral)
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise NotVisible
    return row.Referral, row.CaseTable, row.partner


def _kind_of(actor: Actor) -> Label[OrganisationKind]:
    """Of which kind of partner somebody refers."""
    own = select(Organisation.kind).where(Organisation.id == actor.organisation_id)
    return own.scalar_subquery().label("partner")


def sealed(referral: Referral) -> Sealed:
    """A draft as it is stored."""
    return Sealed(referral.draft_ct, binding(referral.id))


def save(
    session: Session, actor: Actor, referral_id: uuid.UUID, step: Step, part: Part, *, known: int
) -> None:
    """Store one step of an own draft. StaleEdit when it was changed since version ``known``.

    The same words again are no change, so that a form sent twice counts once. Three statements.
    """
    referral, _table, _partner = _own(session, actor, referral_id, held=True)

    def change(old: str) -> str:
        draft = referral_drafts.parse(old)
        changed, stands = (
            referral_drafts.with_part(draft, step, part),
            referral_drafts.version_of(draft, step),
        )
        if changed is not draft and stands != known:
            raise StaleEdit("", stands)
        return referral_drafts.dump(changed)

    referral.draft_ct = crypto.reseal(sealed(referral), change)
    if isinstance(part, Choice):
        referral.table_id = uuid.UUID(part.table) if part.table else None
    referral.changed_at = clock.now()


def discard(session: Session, actor: Actor, referral_id: uuid.UUID) -> None:
    """Throw an own draft away, key and all."""
    referral, _table, _partner = _own(session, actor, referral_id, held=True)
    session.delete(referral)
    queue_forgetting(session, [referral_id])


def queue_forgetting(session: Session, referral_ids: Iterable[uuid.UUID]) -> None:
    """Have the keys of drafts destroyed once their words are really gone from here."""
    outbox.add_many(
        session,
        FORGOTTEN,
        {f"{FORGOTTEN}:{one}": {"referral_id": one} for one in referral_ids},
    )


def forget_key(referral_id: uuid.UUID) -> None:
    """Make a draft unreadable for good."""
    crypto.store().destroy(KeyScope.of_referral(referral_id))


def expire(session: Session, *, now: datetime) -> None:
    """Throw away what nobody touched for thirty days, and tell its writer; hourly.

    In one statement: what is saved or sent meanwhile stays.
    """
    with wall.opened_for(session, System.REFERRAL):
        old = session.execute(
            delete(Referral)
            .where(Referral.state == ReferralState.DRAFT, Referral.changed_at <= now - KEPT)
            .returning(Referral.id, Referral.person_id)
            .execution_options(synchronize_session=False)
        ).all()
    outbox.add_many(
        session,
        EXPIRED,
        {f"{EXPIRED}:{row.id}": {"referral_id": row.id, "person_id": row.person_id} for row in old},
    )
    queue_forgetting(session, [row.id for row in old])


def open_tables(
    session: Session, actor: Actor, *, now: datetime
) -> list[tuple[CaseTable, InForce]]:
    """The tables the actor may refer to, by name. Two statements, however many there are."""
    rows = session.execute(
        select(CaseTable, _kind_of(actor))
        .where(CaseTable.ended_at.is_(None))
        .order_by(CaseTable.name)
    ).all()
    kinds = all_in_force(session, now)
    found = [(row.CaseTable, kinds[code_of(row.CaseTable)], row.partner) for row in rows]
    return [(one, kind) for one, kind, partner in found if kind.document.takes_from(partner)]


def possible_partners(
    session: Session, actor: Actor, table: CaseTable, *, now: datetime
) -> list[Organisation]:
    """Other organisations that take part in a table, by name."""
    return list(
        session.scalars(
            select(Organisation)
            .join(Covenant, Covenant.organisation_id == Organisation.id)
            .where(
                Covenant.table_id == table.id,
                is_live(Covenant.from_at, Covenant.until_at, now),
                Organisation.ended_at.is_(None),
                Organisation.id != actor.organisation_id,
            )
            .distinct()
            .order_by(Organisation.name)
        )
    )
