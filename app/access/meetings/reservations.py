"""Standing reservations: whose recurring entries have to follow when a table or a covenant changes.

It only asks for a comparison; who is entitled is decided when that takes place.
"""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.conditions import is_live
from app.access.meetings.series import live_series_of, recipients, with_entries
from app.domain.kinds import TableRoleName
from app.infra import clock, outbox
from app.infra.calendar_queue import queue_series
from app.models import CaseTable, Covenant, Person, TableRole

PARTNER = "calendar.partner"


def follow_table(session: Session, table: CaseTable) -> None:
    """After a table began or stopped to keep the time of its partners."""
    session.flush()
    entitled = recipients(session, table, now=clock.now())
    for series in live_series_of(session, [table.id]):
        queue_series(session, series.id, entitled | with_entries(session, series.id))


def follow_covenant(session: Session, covenant: Covenant) -> None:
    """After the dates of a covenant changed: at once, and whenever it begins and ends."""
    now = clock.now()
    moments = {now} | {at for at in (covenant.from_at, covenant.until_at) if at and at > now}
    for at in sorted(moments):
        outbox.add(
            session,
            PARTNER,
            unique_key=f"{PARTNER}:{covenant.id}:{uuid.uuid4().hex}",
            payload={"table_id": covenant.table_id, "organisation_id": covenant.organisation_id},
            available_at=at,
        )


def representatives(
    session: Session, table_id: uuid.UUID, organisation_id: uuid.UUID
) -> list[uuid.UUID]:
    """Who represents an organisation at a table just now; for the worker."""
    return list(
        session.scalars(
            select(TableRole.person_id)
            .join(Person, Person.id == TableRole.person_id)
            .where(
                TableRole.table_id == table_id,
                TableRole.role == TableRoleName.REPRESENTATIVE,
                is_live(TableRole.from_at, TableRole.until_at, clock.now()),
                Person.organisation_id == organisation_id,
            )
            .order_by(TableRole.person_id)
        )
    )
