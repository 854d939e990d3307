"""Puts the rows of the access log behind each other, in two statements whatever their number.

The head of the chain is moved first: that gives the numbers and the hash before, and holds every
other writer until the commit. Called as the last thing of a unit of work; never earlier.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.domain.log_chain import GENESIS, NONCE_BYTES, ChainKey
from app.infra import crypto
from app.models import AuditEvent, AuditHead

THE_HEAD = 1
_EVENT: Any = AuditEvent.__table__
_HEAD: Any = AuditHead.__table__


def append(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Write these rows at the end of the log; each names every column but those of the chain."""
    key = crypto.store().log_keys.chain
    for row in rows:
        row["nonce"] = secrets.token_bytes(NONCE_BYTES)
        row["hash"] = key.content_hash(row)
    last_id, before = _move_head(session, key, count=len(rows), last_hash=rows[-1]["hash"])
    session.execute(
        insert(_EVENT), list(_linked(key, rows, first_id=last_id - len(rows) + 1, before=before))
    )


def _linked(
    key: ChainKey, rows: Sequence[dict[str, Any]], *, first_id: int, before: bytes
) -> Iterator[dict[str, Any]]:
    for number, row in enumerate(rows, first_id):
        mac = key.link(number, before, row["hash"])
        yield {**row, "id": number, "prev_hash": before, "mac": mac}
        before = row["hash"]


def _move_head(
    session: Session, key: ChainKey, *, count: int, last_hash: bytes
) -> tuple[int, bytes]:
    """The number of the last row to come, and the hash of the last row there is."""
    upsert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    first = upsert(_HEAD).values(
        id=THE_HEAD, last_id=count, prev_hash=GENESIS, hash=last_hash, mac=key.head(last_hash)
    )
    moved = first.on_conflict_do_update(
        index_elements=["id"],
        set_={
            "last_id": _HEAD.c.last_id + count,
            "prev_hash": _HEAD.c.hash,
            "hash": first.excluded.hash,
            "mac": first.excluded.mac,
        },
    )
    row = session.execute(moved.returning(_HEAD.c.last_id, _HEAD.c.prev_hash)).one()
    return row.last_id, row.prev_hash
