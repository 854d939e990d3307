"""What is done with the lead and the bringing partner of a case; each act is one unit of work."""

from __future__ import annotations

import uuid

from app.access import Actor, Permission, load_case
from app.access.case_life import bringing
from app.access.tasks import successors
from app.domain.errors import Reason, Refusal
from app.domain.states import SHUT
from app.infra.db import transaction


def ask_successor(actor: Actor, task_id: uuid.UUID, person_id: uuid.UUID, reason: str) -> None:
    """Ask somebody by name to lead the case next. NotVisible, Refusal."""
    with transaction() as session:
        led = successors.load_led(session, actor, task_id, hold=True)
        successors.propose(session, actor, led, person_id, reason)


def keep_lead(actor: Actor, task_id: uuid.UUID) -> None:
    """Nobody is asked to lead the case next any more. NotVisible."""
    with transaction() as session:
        successors.take_back(
            session, actor, successors.load_led(session, actor, task_id, hold=True)
        )


def ask_to_bring(actor: Actor, case_id: uuid.UUID, organisation_id: uuid.UUID) -> None:
    """Ask another organisation to be the bringing partner. NotVisible, Refusal."""
    with transaction() as session:
        case = load_case(session, actor, case_id, Permission.BRINGING_PROPOSE)
        if case.state in SHUT:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        bringing.propose(session, actor, case, organisation_id)


def ask_no_more(actor: Actor, case_id: uuid.UUID) -> None:
    """Take that question back. NotVisible."""
    with transaction() as session:
        case = load_case(session, actor, case_id, Permission.BRINGING_PROPOSE)
        bringing.withdraw(session, actor, case)


def answer_to_bring(actor: Actor, transfer_id: uuid.UUID, *, accepts: bool) -> None:
    """Say yes or no for the own organisation. NotVisible."""
    with transaction() as session:
        bringing.answer(session, actor, transfer_id, accepts=accepts)
