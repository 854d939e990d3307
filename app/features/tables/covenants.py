"""Covenants: from when until when an organisation takes part in a table; dates are Dutch days."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.access import Actor, Permission, audit, load_managed
from app.access.administration.ending import PartBehind, part_behind
from app.access.administration.kinds_in_force import in_force
from app.access.meetings.reservations import follow_covenant
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.local_time import start_of_day
from app.features.tables.service import load_table, record
from app.infra import clock, wall
from app.infra.db import reading, transaction
from app.infra.wall import System
from app.models import CaseTable, Covenant, Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class CovenantData:
    """A covenant as typed: ``until_on`` is the last day it holds, None for no end."""

    organisation_id: uuid.UUID
    from_on: date
    until_on: date | None


def add_covenant(actor: Actor, table_id: uuid.UUID, data: CovenantData) -> None:
    """Add a covenant.

    Refusal END_BEFORE_START, COVENANT_OVERLAPS, VALUE_UNKNOWN, PARTNER_NOT_ALLOWED (by the legal
    regime of the table's kind; a covenant that stands already goes on).
    """
    with transaction() as session:
        table = load_table(session, actor, table_id)
        organisation = session.get(Organisation, data.organisation_id)
        if organisation is None:
            raise Refusal(Reason.VALUE_UNKNOWN, "organisation")
        allowed = in_force(session, table, clock.now()).document.regime.allowed
        if allowed and organisation.kind not in allowed:
            raise Refusal(Reason.PARTNER_NOT_ALLOWED, "organisation")
        covenant = Covenant(
            id=uuid.uuid4(), organisation_id=data.organisation_id, table_id=table_id
        )
        _set_dates(session, covenant, data.from_on, data.until_on)
        session.add(covenant)
        follow_covenant(session, covenant)
        record(
            session,
            actor,
            audit.Event.AUTHORISE,
            table_id,
            kind="covenant",
            object_id=data.organisation_id,
        )


def change_covenant(
    actor: Actor,
    table_id: uuid.UUID,
    covenant_id: uuid.UUID,
    *,
    from_on: date,
    until_on: date | None,
    seen_until: date | None = None,
) -> None:
    """Change the dates of a covenant. Refusal END_BEFORE_START, COVENANT_OVERLAPS; NotVisible.

    ``seen_until``: the last day at which what ends was looked at. Refusal CONFIRM_END where the
    covenant would end sooner than it did, on another day than that.
    """
    with transaction() as session:
        load_table(session, actor, table_id)
        covenant = session.get(Covenant, covenant_id)
        if covenant is None or covenant.table_id != table_id:
            raise NotVisible
        before = covenant.until_at
        _set_dates(session, covenant, from_on, until_on)
        end = covenant.until_at
        if end is not None and (before is None or end < before) and seen_until != until_on:
            raise Refusal(Reason.CONFIRM_END)
        follow_covenant(session, covenant)
        record(
            session,
            actor,
            audit.Event.AUTHORISE,
            table_id,
            kind="covenant",
            object_id=covenant.organisation_id,
        )


def what_ends(
    actor: Actor, table_id: uuid.UUID, covenant_id: uuid.UUID, *, last_on: date
) -> PartBehind:
    """What the organisation has open at this table when the covenant ends after that day."""
    with wall.acting_as(System.LEAVING), reading() as session:
        load_managed(session, actor, CaseTable, table_id, Permission.TABLE_MANAGE)
        covenant = session.get(Covenant, covenant_id)
        if covenant is None or covenant.table_id != table_id:
            raise NotVisible
        (found,) = part_behind(
            session,
            covenant.organisation_id,
            table_ids=[table_id],
            from_at=start_of_day(last_on + timedelta(days=1)),
            now=clock.now(),
        )
        return found


def _set_dates(session: Session, covenant: Covenant, from_on: date, until_on: date | None) -> None:
    """Half-open in the database: until the midnight after the last day."""
    if until_on is not None and until_on < from_on:
        raise Refusal(Reason.END_BEFORE_START, "until_on")
    from_at = start_of_day(from_on)
    until_at = start_of_day(until_on + timedelta(days=1)) if until_on else None
    overlapping = select(Covenant.id).where(
        Covenant.id != covenant.id,
        Covenant.organisation_id == covenant.organisation_id,
        Covenant.table_id == covenant.table_id,
        or_(Covenant.until_at.is_(None), Covenant.until_at > from_at),
    )
    if until_at is not None:
        overlapping = overlapping.where(Covenant.from_at < until_at)
    with session.no_autoflush:
        if session.scalar(overlapping.limit(1)) is not None:
            raise Refusal(Reason.COVENANT_OVERLAPS, "from_on")
    covenant.from_at = from_at
    covenant.until_at = until_at
