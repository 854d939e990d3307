"""Asking for more time, taking that back, and the answer of staff: each in the action's history.

The reason is a remark like any other; who asked reads why staff refused.
"""

from __future__ import annotations

import uuid
from datetime import date

from app import access
from app.access import Actor, Permission, audit
from app.access.records import actions, term_requests
from app.domain.errors import Reason, Refusal
from app.domain.kinds import Ground
from app.features.actions.service import own_event, record, refuse_stale
from app.infra.db import transaction


def ask(actor: Actor, action_id: uuid.UUID, *, until_on: date, reason: str, version: int) -> None:
    """The holder asks for a later term. StaleEdit, Refusal as in ``term_requests.ask``."""
    if not reason:
        raise Refusal(Reason.REASON_NEEDED, "remark")
    with transaction() as session:
        loaded = access.load_own_action(session, actor, action_id, Permission.ACTION_REPORT)
        actions.lock(session, loaded)
        refuse_stale(loaded.action, version)
        term_requests.ask(session, loaded, own_event(actor, loaded, reason), until_on=until_on)
        record(session, actor, loaded, event=audit.Event.CHANGE)


def withdraw(actor: Actor, action_id: uuid.UUID) -> None:
    """The holder takes the own request back. NotVisible where there is none."""
    with transaction() as session:
        loaded = access.load_own_action(session, actor, action_id, Permission.ACTION_REPORT)
        actions.lock(session, loaded)
        term_requests.withdraw(session, actor, loaded)
        record(session, actor, loaded, event=audit.Event.CHANGE, outcome="withdrawn")


def grant(
    actor: Actor, action_id: uuid.UUID, request_id: str, *, until_on: date, remark: str = ""
) -> None:
    """Staff give more time, until the day asked or another. NotVisible, Refusal.

    StaleEdit where another request waits than the one they had on screen.
    """
    with transaction() as session:
        loaded = access.load_staff_action(session, actor, action_id, Permission.ACTION_FOLLOW)
        actions.lock(session, loaded)
        event = own_event(actor, loaded, remark)
        term_requests.grant(session, loaded, event, request_id, until_on=until_on)
        record(session, actor, loaded, event=audit.Event.CHANGE, ground=Ground.STAFF)


def refuse(actor: Actor, action_id: uuid.UUID, request_id: str, *, reason: str) -> None:
    """Staff keep the term; who asked reads the reason. NotVisible, Refusal, StaleEdit as above."""
    with transaction() as session:
        loaded = access.load_staff_action(session, actor, action_id, Permission.ACTION_FOLLOW)
        actions.lock(session, loaded)
        term_requests.refuse(session, loaded, own_event(actor, loaded, reason), request_id)
        record(
            session, actor, loaded,
            event=audit.Event.CHANGE, ground=Ground.STAFF, outcome="refused",
        )  # fmt: skip
