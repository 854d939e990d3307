"""The mails of the room: to the contact who is asked, and to who is told that nobody answered."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, load_actor
from app.access.administration import recertifying
from app.access.messages.mail_log import following, note_mail
from app.domain.errors import NotVisible
from app.domain.local_time import to_local
from app.features.recertification.rounds import ASK, LATE
from app.infra import clock, letters, outbox
from app.infra.db import transaction
from app.infra.letters import Recipient
from app.models import Recertification


@outbox.handler(ASK)
def tell_contact(payload: Mapping[str, str]) -> None:
    """Who still works there? Nothing where the actor has nobody to answer for any more."""

    def values(session: Session, actor: Actor, asked: Recertification) -> dict[str, Any] | None:
        waiting = session.scalar(select(recertifying.to_answer(actor, now=clock.now())))
        if not waiting:
            return None
        return {
            "url": letters.address_of("/colleagues"),
            "day": f"{to_local(asked.due_at):%d-%m-%Y}",
        }

    _tell(payload, values)


@outbox.handler(LATE)
def tell_late(payload: Mapping[str, str]) -> None:
    """An organisation did not answer; which one shows after signing in."""

    def values(session: Session, actor: Actor, _asked: Recertification) -> dict[str, Any] | None:
        number, _name = session.execute(
            select(*recertifying.late_columns(actor, now=clock.now()))
        ).one()
        return {"url": letters.address_of("/")} if number else None

    _tell(payload, values)


def _tell(payload: Mapping[str, str], find: Any) -> None:  # noqa: ANN401 - the two above
    identifier = letters.message_id(
        payload["event"].replace("_", "-"), payload["round_id"], payload["person_id"]
    )
    with transaction() as session:
        try:
            actor = load_actor(session, uuid.UUID(payload["person_id"]), now=clock.now())
        except NotVisible:
            return
        asked = session.get(Recertification, uuid.UUID(payload["round_id"]))
        if asked is None or asked.closed_at is not None:
            return
        values = find(session, actor, asked)
        if values is None:
            return
        note_mail(
            session,
            actor.person_id,
            kind=f"recertification.{payload['event']}",
            identifier=identifier,
        )
    with following(identifier):
        letters.send(
            payload["event"],
            Recipient(email=actor.email, name=actor.name, language=actor.language),
            identifier=identifier,
            values={"name": actor.name, **values},
            about=None,
        )
