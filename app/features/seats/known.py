"""Whether an organisation knows the family (dat-informatie): one click, before any content."""

from __future__ import annotations

import uuid

from app import access
from app.access import Actor, Permission, audit
from app.access.seats.acquaintances import Stage, stage_of
from app.domain.errors import Reason, Refusal
from app.domain.kinds import InputAnswer
from app.features.seats.giving import WAITS_FOR, record
from app.infra import clock
from app.infra.db import transaction


def say_known(actor: Actor, request_id: uuid.UUID, *, known: bool) -> bool:
    """Say whether the family is known, before any content; gives whether content is asked next.

    *No* closes the question at once, and so does *yes* where nothing more was asked.
    STATE_NOT_ALLOWED where it was not asked or already said.
    """
    with transaction() as session:
        own = access.load_own_request(session, actor, request_id, Permission.INPUT_GIVE)
        stage = stage_of(session, actor, own, now=clock.now())
        if stage is not Stage.OPEN:
            raise Refusal(WAITS_FOR[stage])
        request = own.request
        if not request.asks_known or request.known is not None:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        now = clock.now()
        request.known, request.known_at, request.known_by_id = known, now, actor.person_id
        goes_on = known and request.asks_content
        if not goes_on:
            request.answer = InputAnswer.KNOWN if known else InputAnswer.NOT_KNOWN
            request.answered_at, request.answered_by_id = now, actor.person_id
        record(session, actor, audit.Event.ADD, own)
        return goes_on
