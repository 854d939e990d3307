"""A request for input as its holder sees it: confidentiality, acquaintances, then the question.

Each step opens only when the one before is done; nothing else of the case opens here at all.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from app import access
from app.access import Actor, Permission, audit
from app.access.administration.kinds_in_force import in_force
from app.access.disclosure import sealed_question
from app.access.seats.acquaintances import (
    ShownIdentity,
    Stage,
    identities_of_request,
    lines_of,
    stage_of,
)
from app.domain.kind_document import LegalRegime
from app.infra import clock, crypto
from app.infra.crypto import Sealed
from app.infra.db import transaction
from app.models import CaseTable


@dataclass(frozen=True, slots=True, kw_only=True)
class InputTask:
    """The request; reference and question are empty until it is open.

    ``asks_known``: it waits for a yes or no first; ``asks_content``: content is asked after a yes.
    """

    id: uuid.UUID
    meeting_id: uuid.UUID
    stage: Stage
    reference: str
    question: str
    confidentiality_nl: str
    confidentiality_en: str
    confidentiality_version: int
    regime: LegalRegime
    deadline_at: datetime
    starts_at: datetime
    identities: tuple[tuple[str, str], ...]
    asks_known: bool
    asks_content: bool


def read_task(actor: Actor, request_id: uuid.UUID, *, with_names: bool) -> InputTask:
    """Open as much of the task as the holder has come to; what opens is recorded."""
    with transaction() as session:
        own = access.load_own_request(session, actor, request_id, Permission.INPUT_GIVE)
        stage = stage_of(session, actor, own, now=clock.now())
        table = session.get_one(CaseTable, own.case.table_id)
        kind = in_force(session, table, clock.now())
        shown: list[ShownIdentity] = []
        if with_names and stage is not Stage.CONFIDENTIALITY:
            shown = identities_of_request(session, own)
        lines = lines_of(
            shown, table_id=table.id, meeting_id=own.item.meeting_id, case_id=own.case.id
        )
        question = Sealed(None, "")
        if stage is Stage.OPEN:
            question = sealed_question(own.case)
            lines.append(
                audit.Entry(
                    event=audit.Event.READ,
                    object_kind="input",
                    object_id=own.request.id,
                    table_id=table.id,
                    meeting_id=own.item.meeting_id,
                    item_id=own.item.id,
                    case_id=own.case.id,
                )
            )
        audit.record_all(session, actor, lines)
    asked, *texts = crypto.unseal_many([question, *(one.text for one in shown)])
    return InputTask(
        id=own.request.id,
        meeting_id=own.item.meeting_id,
        stage=stage,
        reference=own.case.reference if stage is Stage.OPEN else "",
        question=asked,
        confidentiality_nl=table.confidentiality_nl,
        confidentiality_en=table.confidentiality_en,
        confidentiality_version=table.confidentiality_version,
        regime=kind.document.regime,
        deadline_at=own.request.deadline_at,
        starts_at=own.item.starts_at,
        asks_known=own.request.asks_known and own.request.known is None,
        asks_content=own.request.asks_content,
        identities=tuple((one.mark, text) for one, text in zip(shown, texts, strict=True)),
    )
