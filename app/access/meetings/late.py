"""Whether a case still comes in time for a meeting; who adds one later says why, in the log."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.administration.kinds_in_force import in_force
from app.domain.errors import Reason, Refusal
from app.domain.weekly_closing import closing_before
from app.infra import clock
from app.models import CaseTable, Meeting


def closed_since(session: Session, meeting: Meeting) -> datetime | None:
    """Since when the list of a loaded meeting is closed; None while it is open, or never closes.

    What the kind of its table says just now. One statement, two where the table is not known yet.
    """
    now = clock.now()
    kind = in_force(session, session.get_one(CaseTable, meeting.table_id), now).document
    closings = [closing_before(one.weekly, meeting.starts_at) for one in kind.clocks if one.weekly]
    passed = [one for one in closings if one <= now < meeting.starts_at]
    return min(passed, default=None)


def refuse_without_reason(session: Session, meeting: Meeting, reason: str) -> None:
    """A case for a list that is closed needs a reason. REASON_NEEDED."""
    if not reason.strip() and closed_since(session, meeting) is not None:
        raise Refusal(Reason.REASON_NEEDED, "reason")
