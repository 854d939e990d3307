"""Who serves a case at the moment something waits in it, wherever it came to stand meanwhile.

For the worker alone: it gives ids to queue mail by, and each of them is asked again before a mail
leaves.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.administration.accounts import staff_of
from app.infra import clock
from app.infra.wall import System, opened_for
from app.models import Case


def serving(session: Session, case_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """Everybody who serves the table on whose list a case stands now; nobody once it is gone."""
    with opened_for(session, System.ESCALATION):
        table_id = session.scalar(select(Case.table_id).where(Case.id == case_id))
    if table_id is None:
        return []
    return sorted(staff_of(session, frozenset({table_id}), now=clock.now()))
