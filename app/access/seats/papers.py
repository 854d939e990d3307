"""Giving a seat a section of its case, with the reasons of staff; who reads it, the rule says."""

from __future__ import annotations

import uuid
from typing import Protocol

from sqlalchemy.orm import Session

from app.access import audit
from app.access.actor import Actor
from app.access.loaders import LoadedSeat
from app.access.seats.naming import entry_of
from app.infra import clock
from app.models import Disclosure


class Reasons(Protocol):
    """Why a seat is given a section."""

    @property
    def ground(self) -> str:
        """The legal ground."""

    @property
    def purpose(self) -> str:
        """What it is for."""

    @property
    def necessity(self) -> str:
        """Why it cannot do without."""


def disclose(
    session: Session,
    actor: Actor,
    loaded: LoadedSeat,
    section_id: uuid.UUID,
    why: Reasons,
    *,
    is_standard: bool,
) -> None:
    """Store the decision; under police, judicial or medical secrecy it waits for the source."""
    session.add(
        Disclosure(
            seat_id=loaded.seat.id,
            section_id=section_id,
            ground=why.ground,
            purpose=why.purpose,
            necessity=why.necessity,
            is_standard=is_standard,
            decided_by_id=actor.person_id,
            decided_at=clock.now(),
        )
    )
    audit.record(session, actor, entry_of(loaded, audit.Event.AUTHORISE, section_id))
