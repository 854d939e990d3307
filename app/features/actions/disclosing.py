"""Disclosing the full text of an action to its holder, withdrawing that, and the holder's consent.

Access still decides at every reading; what is written here is one of the things it asks for.
"""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from app import access
from app.access import Actor, Permission, action_disclosures, audit
from app.access.records import actions
from app.access.seats.acceptances import add_acceptance
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import Ground
from app.features.actions.service import record, refuse_stale
from app.infra import clock
from app.infra.db import transaction
from app.models import ActionDisclosure


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """Why the holder may read the full text (access.md §1). ``version`` is the action's."""

    ground: str
    purpose: str
    necessity: str
    version: int


def disclose(actor: Actor, action_id: uuid.UUID, reasons: Reasons) -> None:
    """Open the full text to the named holder; Refusal when there is no text, holder or need."""
    with transaction() as session:
        loaded = access.load_staff_action(session, actor, action_id, Permission.ACTION_FOLLOW)
        action = actions.lock(session, loaded)
        refuse_stale(action, reasons.version)
        if action.full_ct is None or action.person_id is None:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        reads = action_disclosures.holder_reads(session, action)
        if reads.by_seat or reads.disclosure is not None:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        disclosure_id = uuid.uuid4()
        session.add(
            ActionDisclosure(
                id=disclosure_id,
                action_id=action.id,
                person_id=action.person_id,
                ground=reasons.ground,
                purpose=reasons.purpose,
                necessity=reasons.necessity,
                decided_by_id=actor.person_id,
                decided_at=clock.now(),
            )
        )
        record(session, actor, loaded, event=audit.Event.AUTHORISE, ground=Ground.STAFF)


def withdraw(actor: Actor, action_id: uuid.UUID) -> None:
    """End the disclosure at once."""
    with transaction() as session:
        loaded = access.load_staff_action(session, actor, action_id, Permission.ACTION_FOLLOW)
        if not action_disclosures.withdraw(session, loaded.action, now=clock.now()):
            raise NotVisible
        record(
            session, actor, loaded,
            event=audit.Event.AUTHORISE, ground=Ground.STAFF, outcome="withdrawn",
        )  # fmt: skip


def accept(actor: Actor, action_id: uuid.UUID, *, read_version: int | None = None) -> None:
    """The holder accepts confidentiality of the meeting the action comes from.

    NotVisible, Refusal STATEMENT_CHANGED.
    """
    # Pressed twice at once: the second finds the first one's row, which is as good as its own.
    with suppress(IntegrityError), transaction() as session:
        loaded = access.load_own_action(session, actor, action_id, Permission.ACTION_REPORT)
        lacking = action_disclosures.meeting_to_accept(
            session, actor, loaded.action, now=clock.now()
        )
        if lacking is None:
            raise NotVisible
        add_acceptance(session, actor, *lacking, read_version=read_version)
