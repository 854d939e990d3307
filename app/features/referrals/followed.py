"""What a referrer reads of an own referral, and does with it; each is one unit of work."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from app.access import Actor
from app.access.messages import referral_notices
from app.access.referrals import following, triage
from app.access.referrals.following import OwnReferral, ToCall
from app.domain.kinds import ReferralState, Urgency
from app.domain.kinds.happenings import Happening
from app.domain.paging import Paging, page_of
from app.features.referrals.drafting import Option
from app.infra import crypto
from app.infra.db import reading, recorded_reading, transaction

SIZE = 25


@dataclass(frozen=True, slots=True)
class ListPage:
    """The own referrals and drafts."""

    rows: tuple[OwnReferral, ...]
    paging: Paging


def list_page(actor: Actor, number: int) -> ListPage:
    """A page of the own referrals; one statement."""
    with reading() as session:
        rows, found = following.read_all(session, actor, number=number, size=SIZE)
    return ListPage(tuple(rows), page_of(found, str(number), size=SIZE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question back, opened, with the answer where there is one."""

    id: uuid.UUID
    question: str
    answer: str
    asked_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPage:
    """One own referral; ``to_call`` is whom to call about one that is acute and waits."""

    own: OwnReferral
    outcome: str
    asked: tuple[Asked, ...]
    decided_at: datetime | None
    to_call: tuple[ToCall, ...]

    @property
    def open_question(self) -> Asked | None:
        """What was asked last and waits for an answer; nothing once staff went on without it."""
        if self.own.state is not ReferralState.RETURNED:
            return None
        asked = sorted(self.asked, key=lambda one: one.asked_at, reverse=True)
        return next((one for one in asked if one.answered_at is None), None)

    @property
    def is_withdrawn(self) -> bool:
        """The referrer took it back; nobody decided."""
        return self.own.state is ReferralState.WITHDRAWN

    @property
    def line(self) -> tuple[tuple[Happening, datetime], ...]:
        """What happened to it and when, latest first: the own part of the line of time."""
        told = [
            (Happening.REFERRED, self.own.sent_at),
            (Happening.REFERRAL_DECIDED, None if self.is_withdrawn else self.decided_at),
            *((Happening.ASKED_BACK, one.asked_at) for one in self.asked),
            *((Happening.ANSWERED, one.answered_at) for one in self.asked),
        ]
        moments = [(what, at) for what, at in told if at is not None]
        return tuple(sorted(moments, key=lambda one: one[1], reverse=True))


def own_page(actor: Actor, referral_id: uuid.UUID) -> OwnPage:
    """One own referral, read on the record; at most five statements and one on the key store."""
    with recorded_reading() as session:
        found = following.read(session, actor, referral_id)
        calls: list[ToCall] = []
        if found.own.urgency is Urgency.ACUTE and found.own.waits:
            calls = following.to_call(session, following.load(session, actor, referral_id))
    sealed = [found.outcome, *(part for one in found.asked for part in (one.question, one.answer))]
    opened = crypto.unseal_left(sealed)
    return OwnPage(
        own=found.own,
        outcome=opened[0],
        asked=tuple(
            Asked(
                id=one.id,
                question=opened[2 * place + 1],
                answer=opened[2 * place + 2],
                asked_at=one.asked_at,
                answered_at=one.answered_at,
            )
            for place, one in enumerate(found.asked)
        ),
        decided_at=found.decided_at,
        to_call=tuple(calls),
    )


def answer(actor: Actor, referral_id: uuid.UUID, question_id: uuid.UUID, text: str) -> None:
    """Answer what was asked back; staff hear that there is an answer."""
    with transaction() as session:
        referral = following.load(session, actor, referral_id)
        triage.answer_back(session, actor, referral, question_id, text)


def withdraw(actor: Actor, referral_id: uuid.UUID, reason: str) -> None:
    """Take an own referral back while nothing was decided."""
    with transaction() as session:
        referral = following.load(session, actor, referral_id)
        triage.withdraw(session, actor, referral, reason)


def colleagues(actor: Actor, referral_id: uuid.UUID) -> tuple[Option, ...]:
    """Who may follow an own referral instead."""
    with reading() as session:
        referral = following.load(session, actor, referral_id)
        found = session.scalars(following.possible_colleagues(actor, referral))
        return tuple(Option(one.id, one.name) for one in found)


def hand_on(actor: Actor, referral_id: uuid.UUID, person_id: uuid.UUID) -> str:
    """Have a colleague follow it from now on; gives the name."""
    with transaction() as session:
        referral = following.load(session, actor, referral_id)
        colleague = following.hand_on(session, actor, referral, person_id)
        referral_notices.queue_handed(session, referral)
        return colleague.name
