"""Copies somebody asked for: whose they are, until when, and that they go; nothing here opens one.

The file of a copy is sealed with a key of its own. At its end the key goes, also from any backup;
that it was made, for what and how often it was fetched stays, as the log does.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select, update
from sqlalchemy.orm import Session

from app.access import audit, checks
from app.access.actor import Actor
from app.domain.errors import NotVisible
from app.domain.kinds import ExportPurpose
from app.infra.crypto import KeyScope, Sealed, store
from app.models import Export


def own_exports(actor: Actor, *, now: datetime) -> Select[Export]:
    """Copies the actor asked for that have not expired."""
    checks.note()
    return select(Export).where(Export.person_id == actor.person_id, Export.expires_at > now)


def load(session: Session, actor: Actor, export_id: uuid.UUID, *, now: datetime) -> Export:
    """A copy of one's own as long as it lasts."""
    found = session.scalar(own_exports(actor, now=now).where(Export.id == export_id))
    if found is None:
        raise NotVisible
    return found


def hold(session: Session, export_id: uuid.UUID) -> Export | None:
    """A copy for the worker that makes it, held until the end of the transaction."""
    return session.get(Export, export_id, with_for_update=True)


def file_of(export: Export) -> Sealed:
    """What the worker made, sealed."""
    return Sealed(export.file_ct, binding_of(export.id))


def binding_of(export_id: uuid.UUID) -> str:
    """What the file of a copy is bound to."""
    return f"export:{export_id}:file"


def as_text(ids: Iterable[uuid.UUID], document: bytes) -> str:
    """A file with the ids of what stands in it before it, to be sealed."""
    return f"{' '.join(one.hex for one in ids)}\n{base64.b64encode(document).decode()}"


def from_text(text: str) -> tuple[list[uuid.UUID], bytes]:
    """What ``as_text`` made: the ids, and the file."""
    ids, _line, document = text.partition("\n")
    return [uuid.UUID(hex=one) for one in ids.split()], base64.b64decode(document)


def forget_expired(session: Session, *, now: datetime) -> None:
    """Empty the copies past their end of file and filters; their keys go first."""
    _forget(session, Export.expires_at <= now)


def forget_of(session: Session, person_id: uuid.UUID, *, made_by: datetime, now: datetime) -> None:
    """End the copies somebody asked for until ``made_by``: who moved or left keeps none."""
    session.execute(
        update(Export)
        .where(Export.person_id == person_id, Export.asked_at <= made_by, Export.expires_at > now)
        .values(expires_at=now)
        .execution_options(synchronize_session=False)
    )
    forget_expired(session, now=now)


def forget_all(session: Session, *, now: datetime) -> None:
    """End every copy just now: what was destroyed may stand in any of them."""
    session.execute(
        update(Export)
        .where(Export.expires_at > now)
        .values(expires_at=now)
        .execution_options(synchronize_session=False)
    )
    forget_expired(session, now=now)


def _forget(session: Session, which: ColumnElement[bool]) -> None:
    over = select(Export.id).where(which, or_(Export.file_ct.is_not(None), Export.query != ""))
    ids = list(session.scalars(over))
    store().destroy_all(KeyScope.of_export(one).name for one in ids)
    session.execute(
        update(Export)
        .where(Export.id.in_(ids))
        .values(file_ct=None, query="")
        .execution_options(synchronize_session=False)
    )


def record(
    session: Session,
    actor: Actor,
    event: audit.Event,
    object_kind: str,
    purpose: ExportPurpose,
    *,
    rows: int | None = None,
    object_id: uuid.UUID | None = None,
    table_id: uuid.UUID | None = None,
) -> None:
    """Write down that something was read for a copy or taken along, with its purpose.

    Purpose and number of rows stand where the log keeps reasons: as codes, without content.
    """
    audit.record(
        session,
        actor,
        audit.Entry(
            event=event,
            object_kind=object_kind,
            object_id=object_id,
            table_id=table_id,
            reason=purpose.value if rows is None else f"{purpose.value}; {rows} rows",
        ),
    )
