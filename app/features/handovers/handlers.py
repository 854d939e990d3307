"""What the worker does for handovers: looks at what is late, and writes one neutral mail to each.

Every mail is asked again just before it leaves; it names no case, no table and no reason.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from app.access import Actor, load_actor
from app.access.messages.mail_log import following, note_mail
from app.access.referrals import handover_due
from app.domain.errors import NotVisible
from app.infra import clock, letters, outbox
from app.infra.db import transaction
from app.infra.letters import About, Recipient

Holds = Callable[[Session, Actor, uuid.UUID], bool]


@outbox.handler(handover_due.DUE)
def look(payload: Mapping[str, str]) -> None:
    """A handover is due: told to both sides, as long as nobody answered."""
    with transaction() as session:
        handover_due.look(session, uuid.UUID(payload["handover_id"]))


@outbox.handler(handover_due.LATE)
def tell_late(payload: Mapping[str, str]) -> None:
    """A handover still waits."""
    _tell("handover_late", handover_due.LATE, payload, handover_due.still_late)


@outbox.handler(handover_due.ANSWERED)
def tell_answered(payload: Mapping[str, str]) -> None:
    """A handover was answered; how shows after signing in."""
    _tell("handover_answered", handover_due.ANSWERED, payload, handover_due.still_sent)


@outbox.handler(handover_due.ALONE)
def tell_administrator(payload: Mapping[str, str]) -> None:
    """At some table nobody is left who may look at what waits there."""
    _tell("table_alone", handover_due.ALONE, payload, handover_due.still_alone, "/admin/tables")


def _tell(
    event: str, kind: str, payload: Mapping[str, str], holds: Holds, path: str = "/handovers"
) -> None:
    identifier = letters.message_id("handover", payload["mail_id"])
    with transaction() as session:
        try:
            actor = load_actor(session, uuid.UUID(payload["person_id"]), now=clock.now())
        except NotVisible:
            return
        if not holds(session, actor, uuid.UUID(payload["handover_id"])):
            return
        note_mail(session, actor.person_id, kind=kind, identifier=identifier)
    with following(identifier):
        letters.send(
            event,
            Recipient(email=actor.email, name=actor.name, language=actor.language),
            identifier=identifier,
            values={"name": actor.name, "url": letters.address_of(path)},
            about=About(case_ids=frozenset({uuid.UUID(payload["case_id"])})),
        )
