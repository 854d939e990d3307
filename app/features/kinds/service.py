"""Changing a kind of table: every change is a version with its day; none is ever altered.

Nothing that was recorded under an earlier version changes with it: see applying.py for what its
tables take over.
"""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access import Actor, Permission, audit
from app.access.administration.kinds_in_force import (
    all_in_force,
    document_before,
    is_withdrawal,
    newest,
)
from app.access.permissions import audience_of
from app.domain.errors import NotVisible, Reason, Refusal, StaleEdit
from app.domain.kind_changes import differences, put_in_order, refuse_faulty
from app.domain.kind_document import FigureRule, KindDocument, Words, dump
from app.domain.kinds import FigureSource, TableKind
from app.domain.local_time import start_of_day
from app.infra import clock, outbox
from app.infra.db import transaction
from app.models import KindVersion, OwnKind

APPLY = "kind.apply"
_LONGEST_CODE = 40


def change_kind(
    actor: Actor,
    code: str,
    change: Callable[[KindDocument], KindDocument],
    *,
    from_on: date,
    version: int,
) -> datetime:
    """Let a kind be so from that day on; gives the moment, which is now for today.

    ``version`` is the newest one the change was made from. StaleEdit when there is a newer, two
    at once included; Refusal DATE_IN_PAST, KIND_CHANGE_WAITS (a later change is planned already),
    KIND_UNCHANGED and those of ``refuse_faulty``; NotVisible for no such kind.
    """
    _may_set_up(actor)
    with transaction() as session:
        last = newest(session, code)
        if last.number != version:
            raise StaleEdit(f"{last.document.name.nl} ({last.number})", last.number)
        now = clock.now()
        from_at = _from(from_on, now)
        if last.from_at is not None and from_at < last.from_at:
            raise Refusal(Reason.KIND_CHANGE_WAITS, "from_on", day=last.from_at)
        document = put_in_order(change(last.document))
        refuse_faulty(document)
        if not differences(last.document, document):
            raise Refusal(Reason.KIND_UNCHANGED)
        _add_version(session, actor, document, number=last.number + 1, from_at=from_at)
        return from_at


def withdraw_planned(actor: Actor, code: str, *, version: int) -> None:
    """Let the newest version never hold, as long as its day has not come.

    Versions are never changed: one is added that says from that day what was so before it.
    StaleEdit, STATE_NOT_ALLOWED once its day has come or where it was withdrawn; NotVisible.
    """
    _may_set_up(actor)
    with transaction() as session:
        last = newest(session, code)
        if last.number != version:
            raise StaleEdit(f"{last.document.name.nl} ({last.number})", last.number)
        planned = session.get(KindVersion, (code, version))
        if planned is None or planned.from_at <= clock.now() or is_withdrawal(session, planned):
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        before = document_before(session, planned)
        _add_version(session, actor, before, number=version + 1, from_at=planned.from_at)


def add_kind(actor: Actor, name: Words, *, like: str) -> str:
    """Add a kind that begins as a copy of ``like`` does now; gives its code.

    NotVisible, NAME_TAKEN.
    """
    _may_set_up(actor)
    with transaction() as session:
        kinds = all_in_force(session, clock.now())
        if like not in kinds:
            raise Refusal(Reason.VALUE_UNKNOWN, "like")
        if name.nl.casefold() in {one.document.name.nl.casefold() for one in kinds.values()}:
            raise Refusal(Reason.NAME_TAKEN, "name_nl")
        document = kinds[like].document
        code = _code_of(name.en, taken=set(kinds))
        document = replace(
            document, code=code, name=name, figures=_figures_of(document, code, name)
        )
        now = clock.now()
        session.add(
            OwnKind(
                code=code, works_as=document.works_as, added_by_id=actor.person_id, added_at=now
            )
        )
        _add_version(session, actor, document, number=1, from_at=now)
        return code


def _may_set_up(actor: Actor) -> None:
    if not actor.belongs_to(audience_of(Permission.TABLE_MANAGE)):
        raise NotVisible


def _from(from_on: date, now: datetime) -> datetime:
    """From the first moment of a day; of today from now on, for nothing is changed backwards."""
    from_at = start_of_day(from_on)
    if from_on < clock.today():
        raise Refusal(Reason.DATE_IN_PAST, "from_on")
    return max(from_at, now)


def _add_version(
    session: Session, actor: Actor, document: KindDocument, *, number: int, from_at: datetime
) -> None:
    version = KindVersion(
        kind_code=document.code,
        number=number,
        from_at=from_at,
        document=dump(document),
        made_by_id=actor.person_id,
        made_at=clock.now(),
    )
    session.add(version)
    try:
        session.flush()
    except IntegrityError:
        raise StaleEdit(f"{document.name.nl} ({number})", number) from None
    outbox.add(
        session,
        APPLY,
        unique_key=f"{APPLY}:{document.code}:{number}",
        payload={"kind_code": document.code, "number": number},
        available_at=from_at,
    )
    audit.record(
        session,
        actor,
        audit.Entry(
            event=audit.Event.ADD if number == 1 else audit.Event.CHANGE,
            object_kind="table-kind",
            object_id=version_id(document.code, number),
        ),
    )


def version_id(code: str, number: int) -> uuid.UUID:
    """How one version of a kind is named in the log."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"table-kind/{code}/{number}")


def _code_of(name: str, *, taken: set[str]) -> str:
    """A code out of English words, as the product's own have; it is never shown."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: _LONGEST_CODE - 4].strip("-") or "kind"
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return next(one for one in (stem, *numbered) if one not in taken)


def _figures_of(document: KindDocument, code: str, name: Words) -> tuple[FigureRule, ...]:
    """A theme counts for itself; a kind that works in a way of its own goes on counting there."""
    if document.works_as is not TableKind.THEMATIC:
        return document.figures
    words = Words(f"Casussen: {name.nl}", f"Cases: {name.en}")
    return (FigureRule(f"{code}-cases"[:_LONGEST_CODE], words, FigureSource.CASES_DISCUSSED),)
