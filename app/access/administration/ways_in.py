"""Whatever changes how somebody comes in is told to that person and to the staff of the tables.

The letters are neutral; who it is about stands under *Te bevestigen* or *Wijzigingen*.
"""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from app.access.administration.accounts import staff_of, tables_concerned
from app.access.administration.changes import tell
from app.domain.kinds import AnnouncementKind
from app.infra import clock
from app.models import Announcement


def tell_of_way(
    session: Session,
    person_id: uuid.UUID,
    *,
    by: uuid.UUID | None,
    kind: AnnouncementKind = AnnouncementKind.SIGN_IN_CHANGED,
    letter: str = "account_changed",
) -> None:
    """Note it at every table concerned, and write to the person and once to each of the staff.

    ``by`` is who did it; nobody did where it came by itself.
    """
    now, about = clock.now(), str(uuid.uuid4())
    tables = tables_concerned(session, person_id, now=now)
    session.add_all(
        Announcement(table_id=table_id, kind=kind, subject_id=person_id, made_by_id=by, made_at=now)
        for table_id in tables
    )
    tell(session, person_id, letter, about=about)
    for one in staff_of(session, tables, now=now) - {person_id, by}:
        tell(session, one, "change_made", about=about)
