"""What is open of somebody, for the administrator to see before any of it ends."""

from __future__ import annotations

import uuid

from app.access import Actor, Permission, load_managed
from app.access.administration import leaving
from app.access.administration.leaving import LeftBehind
from app.infra import clock, wall
from app.infra.db import reading
from app.infra.wall import System
from app.models import Person


def left_behind(actor: Actor, person_id: uuid.UUID) -> LeftBehind:
    """What ends when the person leaves or moves, or waits while blocked. NotVisible."""
    with wall.acting_as(System.LEAVING), reading() as session:
        person: Person = load_managed(session, actor, Person, person_id, Permission.PERSON_MANAGE)
        return leaving.left_behind(session, person, now=clock.now())
