"""Keeps the recurring entries of a series in step with its meetings, one entry per recipient.

It writes down what each recipient is to be told and queues one delivery; it never sends.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.access.meetings import series as access_series
from app.domain.kinds import SeriesAudience
from app.domain.recurring import Instance, Master, Message, MessageKind, Wanted, messages
from app.features.calendar.service import active, lock_person
from app.infra import calendar_queue, clock, outbox
from app.infra.db import transaction
from app.models import SeriesEntry, SeriesException


def synchronise(series_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """Make a person's entry of a series follow its meetings; safe to repeat."""
    now = clock.now()
    with transaction() as session:
        lock_person(session, person_id)
        if calendar_queue.is_waiting(session, calendar_queue.SERIES, series_id, person_id):
            return
        found = access_series.find_series(session, series_id)
        if found is None:
            return
        series, table = found
        audience = access_series.audience_for(
            session, active(session, person_id, now), table, now=now
        )
        entries = access_series.live_entries(session, series_id=series_id, person_id=person_id)
        wanted = access_series.read_wanted(session, series)
        for entry in entries:
            stays = entry.audience is audience
            _follow(session, entry, wanted if stays else None, now)
        told = messages(None, {}, wanted, now=now)
        if told and audience and not any(one.audience is audience for one in entries):
            entry = _new_entry(series_id, person_id, audience)
            session.add(entry)
            _write_down(session, entry, told, now)


def _new_entry(series_id: uuid.UUID, person_id: uuid.UUID, audience: SeriesAudience) -> SeriesEntry:
    return SeriesEntry(
        id=uuid.uuid4(),
        series_id=series_id,
        person_id=person_id,
        audience=audience,
        uid=str(uuid.uuid4()),
        sequence=-1,
        sent_sequence=-1,
    )


def _follow(session: Session, entry: SeriesEntry, wanted: Wanted | None, now: datetime) -> None:
    apart = {
        one.planned_at: Instance(
            one.planned_at,
            one.starts_at,
            one.ends_at,
            one.place,
            is_cancelled=one.cancelled_at is not None,
        )
        for one in access_series.exceptions_of(session, entry.id)
    }
    _write_down(session, entry, messages(read_master(entry.told), apart, wanted, now=now), now)


def _write_down(
    session: Session, entry: SeriesEntry, told: tuple[Message, ...], now: datetime
) -> None:
    """One SEQUENCE per message, for the rule and its exceptions together (calendar.md §1a)."""
    for message in told:
        entry.sequence += 1
        entry.changed_at = now
        if message.instance is not None:
            _tell_apart(session, entry, message.instance, now)
            continue
        entry.master_sequence = entry.sequence
        if message.kind is MessageKind.ALL_CANCELLED:
            entry.cancelled_at = now
        elif message.master is not None:
            entry.told = write_master(message.master)
            access_series.forget_exceptions(session, entry, still_out=message.master.without)
    if told:
        outbox.supersede(session, f"calendar.series_send:{entry.id}:")
        outbox.add(
            session,
            "calendar.series_send",
            unique_key=f"calendar.series_send:{entry.id}:{entry.sequence}",
            payload={"entry_id": entry.id, "person_id": entry.person_id},
        )


def _tell_apart(session: Session, entry: SeriesEntry, one: Instance, now: datetime) -> None:
    known = {row.planned_at: row for row in access_series.exceptions_of(session, entry.id)}
    row = known.get(one.planned_at)
    if row is None:
        row = SeriesException(id=uuid.uuid4(), entry_id=entry.id, planned_at=one.planned_at)
        session.add(row)
    row.starts_at, row.ends_at, row.place = one.starts_at, one.ends_at, one.place
    row.sequence, row.changed_at = entry.sequence, now
    row.cancelled_at = now if one.is_cancelled else None


def write_master(master: Master) -> str:
    """The rule as canonical JSON; equal rules give equal text."""
    return json.dumps(
        {
            "starts_at": master.starts_at.isoformat(),
            "ends_at": master.ends_at.isoformat(),
            "rule": dict(master.rule),
            "until": master.until.isoformat(),
            "without": sorted(one.isoformat() for one in master.without),
            "place": master.place,
        },
        sort_keys=True,
    )


def read_master(text: str) -> Master:
    """The rule a recipient was told, back from its JSON."""
    told: dict[str, Any] = json.loads(text)
    rule: Mapping[str, object] = told["rule"]
    return Master(
        datetime.fromisoformat(told["starts_at"]),
        datetime.fromisoformat(told["ends_at"]),
        tuple(
            (key, tuple(value) if isinstance(value, list) else value)
            for key, value in sorted(rule.items())
        ),
        datetime.fromisoformat(told["until"]),
        frozenset(datetime.fromisoformat(one) for one in told["without"]),
        told["place"],
    )
