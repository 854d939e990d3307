"""What the worker does for referrals: neutral mails, and drafts made unreadable for good.

Every mail is asked again just before it leaves; it tells neither whom nor what it is about.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, Final

from app.access import Actor, load_actor
from app.access.messages import referral_notices
from app.access.messages.mail_log import following, note_mail
from app.access.messages.referral_notices import Waiting
from app.access.referrals import drafts, triage
from app.domain.errors import NotVisible
from app.domain.kinds import WAITING_REFERRALS, ReferralState
from app.infra import clock, letters, outbox
from app.infra.db import transaction
from app.infra.letters import About, Recipient

ASKED: Final = "referral_asked"
DECIDED: Final = "referral_decided"


@outbox.handler(drafts.FORGOTTEN)
def forget(payload: Mapping[str, str]) -> None:
    """A draft was sent or thrown away: its key goes."""
    drafts.forget_key(uuid.UUID(payload["referral_id"]))


@outbox.handler(drafts.EXPIRED)
def tell_expired(payload: Mapping[str, str]) -> None:
    """A draft nobody touched for thirty days is gone."""
    with transaction() as session:
        try:
            actor = load_actor(session, uuid.UUID(payload["person_id"]), now=clock.now())
        except NotVisible:
            return
        identifier = letters.message_id("draft", payload["row"])
        note_mail(session, actor.person_id, kind="referrals.expired", identifier=identifier)
    _send("referral_expired", actor, identifier, path="/referrals", about=None)


@outbox.handler(referral_notices.ARRIVED)
def find_staff(payload: Mapping[str, str]) -> None:
    """A referral waits at a table: one mail to everybody who serves it."""
    with transaction() as session:
        referral_id = uuid.UUID(payload["referral_id"])
        referral_notices.queue_staff(session, payload["mail_id"], referral_id)


@outbox.handler(referral_notices.STAFF)
def tell_staff(payload: Mapping[str, str]) -> None:
    """A referral waits at a table one person serves."""
    referral_id = uuid.UUID(payload["referral_id"])
    identifier = letters.message_id("referral", payload["mail_id"])
    with transaction() as session:
        try:
            actor = load_actor(session, uuid.UUID(payload["person_id"]), now=clock.now())
        except NotVisible:
            return
        found = referral_notices.still_arrived(session, actor, referral_id)
        if found is None:
            return
        note_mail(session, actor.person_id, kind="referrals.arrived", identifier=identifier)
    event = "referral_acute" if found.is_acute else "referral_arrived"
    _send(event, actor, identifier, path="/triage", about=found)


@outbox.handler(triage.TELL_REFERRER)
def tell_referrer(payload: Mapping[str, str]) -> None:
    """Something is asked back about one's own referral, or it was decided; while that holds."""
    referral_id, state = uuid.UUID(payload["referral_id"]), ReferralState(payload["state"])
    identifier = letters.message_id("referral", payload["row"])
    with transaction() as session:
        try:
            actor = load_actor(session, uuid.UUID(payload["person_id"]), now=clock.now())
        except NotVisible:
            return
        found = referral_notices.still_told(session, actor, referral_id, (state,))
        if found is None:
            return
        event = ASKED if state is ReferralState.RETURNED else DECIDED
        note_mail(session, actor.person_id, kind="referrals.told", identifier=identifier)
    _send(event, actor, identifier, path=f"/referrals/{referral_id}", about=found)


@outbox.handler(referral_notices.HANDED)
def tell_colleague(payload: Mapping[str, str]) -> None:
    """A colleague handed a referral on; while it still is the reader's own and waits."""
    referral_id = uuid.UUID(payload["referral_id"])
    identifier = letters.message_id("handed", payload["row"])
    with transaction() as session:
        try:
            actor = load_actor(session, uuid.UUID(payload["person_id"]), now=clock.now())
        except NotVisible:
            return
        found = referral_notices.still_told(session, actor, referral_id, WAITING_REFERRALS)
        if found is None:
            return
        note_mail(session, actor.person_id, kind="referrals.handed", identifier=identifier)
    _send("referral_handed", actor, identifier, path=f"/referrals/{referral_id}", about=found)


def _send(event: str, actor: Actor, identifier: str, *, path: str, about: Waiting | None) -> None:
    values: dict[str, Any] = {"name": actor.name, "url": letters.address_of(path)}
    with following(identifier):
        letters.send(
            event,
            Recipient(email=actor.email, name=actor.name, language=actor.language),
            identifier=identifier,
            values=values,
            about=About(case_ids=frozenset({about.case_id})) if about else None,
        )
