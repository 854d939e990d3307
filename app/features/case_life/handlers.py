"""What the worker does for the life of a case: neutral mails, asked again just before they leave.

They name no case and nobody but their reader.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from app.access import load_actor
from app.access.actor import Actor
from app.access.case_life import bringing
from app.access.messages.mail_log import following, note_mail
from app.access.tasks import successors
from app.domain.errors import NotVisible
from app.infra import clock, letters, outbox
from app.infra.db import transaction
from app.infra.letters import About, Recipient


@outbox.handler(successors.LED_ON)
def tell_old_lead(payload: Mapping[str, str]) -> None:
    """Somebody else leads a case from now on; its old lead finds nothing of it any more."""
    identifier = letters.message_id("lead", payload["mail_id"])
    with transaction() as session:
        try:
            actor = load_actor(session, uuid.UUID(payload["person_id"]), now=clock.now())
        except NotVisible:
            return
        note_mail(session, actor.person_id, kind=successors.LED_ON, identifier=identifier)
    _send("lead_over", actor, identifier, uuid.UUID(payload["case_id"]), "/led-cases")


@outbox.handler(bringing.ASKED)
def tell_representatives(payload: Mapping[str, str]) -> None:
    """An organisation is asked to bring a case: one mail to each who may answer for it."""
    transfer_id = uuid.UUID(payload["transfer_id"])
    for person_id in _representatives(transfer_id):
        identifier = letters.message_id("bringing", f"{payload['mail_id']}.{person_id}")
        with transaction() as session:
            try:
                actor = load_actor(session, person_id, now=clock.now())
            except NotVisible:
                continue
            waiting = bringing.asked_transfers(session, actor, now=clock.now())
            found = next((one for one in waiting if one.id == transfer_id), None)
            if found is None:
                continue
            note_mail(session, person_id, kind=bringing.ASKED, identifier=identifier)
        _send("bringing_asked", actor, identifier, found.case_id, f"/bringing/{transfer_id}")


def _representatives(transfer_id: uuid.UUID) -> list[uuid.UUID]:
    with transaction() as session:
        return bringing.who_may_answer(session, transfer_id)


def _send(letter: str, actor: Actor, identifier: str, case_id: uuid.UUID, path: str) -> None:
    with following(identifier):
        letters.send(
            letter,
            Recipient(email=actor.email, name=actor.name, language=actor.language),
            identifier=identifier,
            values={"name": actor.name, "url": letters.address_of(path)},
            about=About(case_ids=frozenset({case_id})),
        )
