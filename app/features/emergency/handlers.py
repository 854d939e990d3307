"""What the worker does for emergency readings: one neutral mail at once to each who must know.

Every mail is asked again just before it leaves; it names no case and nobody.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Final

from app.access import load_actor
from app.access.messages.mail_log import following, note_mail
from app.access.oversight.emergency_notices import Told, people_to_tell, still_told
from app.domain.errors import NotVisible
from app.infra import clock, letters, outbox
from app.infra.db import transaction
from app.infra.letters import About, Recipient

LETTERS: Final = {Told.REVIEWER: "emergency_opened", Told.SOURCE: "emergency_source"}


@outbox.handler("emergency.opened")
def find_people(payload: Mapping[str, str]) -> None:
    """A case was opened: one mail to each reviewer and to each representative of a source."""
    reading_id = uuid.UUID(payload["reading_id"])
    with transaction() as session:
        told = people_to_tell(session, reading_id, now=clock.now())
        for person_id, why in sorted(told.items()):
            outbox.add_once(
                session,
                "emergency.letter",
                unique_key=f"emergency.letter:{reading_id}:{person_id}",
                payload={"reading_id": reading_id, "person_id": person_id, "told": why.value},
            )


@outbox.handler("emergency.letter")
def send_letter(payload: Mapping[str, str]) -> None:
    """Tell one person, who finds it after signing in."""
    reading_id, told = uuid.UUID(payload["reading_id"]), Told(payload["told"])
    identifier = letters.message_id("emergency", reading_id, payload["person_id"])
    now = clock.now()
    with transaction() as session:
        try:
            actor = load_actor(session, uuid.UUID(payload["person_id"]), now=now)
        except NotVisible:
            return
        opened = still_told(session, actor, reading_id, told, now=now)
        if opened is None:
            return
        note_mail(session, actor.person_id, kind=f"emergency.{told.value}", identifier=identifier)
        about = About(case_ids=frozenset({opened.case_id}))
    path = f"/emergency/readings/{reading_id}" if told is Told.REVIEWER else "/my-readers"
    with following(identifier):
        letters.send(
            LETTERS[told],
            Recipient(email=actor.email, name=actor.name, language=actor.language),
            identifier=identifier,
            values={"name": actor.name, "url": letters.address_of(path)},
            about=about,
        )
