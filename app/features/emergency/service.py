"""Opening a case in an emergency, stopping early, reviewing; app.access.oversight has the rule."""

from __future__ import annotations

import uuid

from app.access import Actor
from app.access.oversight import emergency, emergency_review
from app.domain.errors import Reason, Refusal
from app.domain.references import normalise_reference
from app.infra.db import transaction


def open_case(actor: Actor, reference: str, reason: str) -> uuid.UUID:
    """Open the case with this reference. Refusal CASE_NOT_OPENED, alike for every cause.

    The caller used up a proof that the person is there, made for this.
    """
    with transaction() as session:
        opened = emergency.open_case(session, actor, normalise_reference(reference), reason)
        reading_id = opened.id if opened else None
    if reading_id is None:
        raise Refusal(Reason.CASE_NOT_OPENED, "reference")
    return reading_id


def end(actor: Actor, reading_id: uuid.UUID) -> None:
    """Close it again. NotVisible."""
    with transaction() as session:
        emergency.end(session, actor, reading_id)


def review(actor: Actor, reading_id: uuid.UUID, *, justified: bool, text: str) -> None:
    """Say whether it was justified. NotVisible for who may not, and once it was said."""
    with transaction() as session:
        emergency_review.review(session, actor, reading_id, justified=justified, text=text)
