"""What the worker does for clocks: one neutral mail per person and working day, asked again first.

No mail names a case, what ran out, or anybody but its reader.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from app.access import Actor, load_actor
from app.access.messages.mail_log import following, note_mail
from app.access.referrals import clocks, overdue
from app.domain.errors import NotVisible
from app.infra import clock, letters, outbox
from app.infra.db import transaction
from app.infra.letters import About, Recipient

StillSo = Callable[[Session, Actor, uuid.UUID], bool]


@outbox.handler(clocks.PAST)
def look(payload: Mapping[str, str]) -> None:
    """A clock has run out, unless it was met."""
    with transaction() as session:
        overdue.look(session, uuid.UUID(payload["clock_id"]))


@outbox.handler(overdue.TOLD)
def tell(payload: Mapping[str, str]) -> None:
    """Something waits too long at a table that one person serves."""
    _send("clock_past", payload, overdue.still_past, "/triage")


@outbox.handler(overdue.ALONE)
def tell_administrator(payload: Mapping[str, str]) -> None:
    """At some table nobody is left who may look at what waits there."""
    _send("table_alone", payload, overdue.still_alone, "/admin/tables")


def _send(event: str, payload: Mapping[str, str], still_so: StillSo, path: str) -> None:
    identifier = letters.message_id("clock", payload["mail_id"])
    with transaction() as session:
        try:
            actor = load_actor(session, uuid.UUID(payload["person_id"]), now=clock.now())
        except NotVisible:
            return
        if not still_so(session, actor, uuid.UUID(payload["clock_id"])):
            return
        note_mail(session, actor.person_id, kind=f"clock.{event}", identifier=identifier)
    with following(identifier):
        letters.send(
            event,
            Recipient(email=actor.email, name=actor.name, language=actor.language),
            identifier=identifier,
            values={"name": actor.name, "url": letters.address_of(path)},
            about=About(case_ids=frozenset({uuid.UUID(payload["case_id"])})),
        )
