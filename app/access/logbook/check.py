"""Checks the access log from its first row to its last: chain, head, seals, and seals outside.

Says what the first fault is and stops there; changes nothing and shows nothing of what rows say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import RowMapping, select
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from app.access.logbook.seals import body_of
from app.domain.log_chain import GENESIS, MerkleTree
from app.infra import crypto
from app.infra.log_keys import LogKeys
from app.infra.seal_files import SealFile
from app.models import AuditEvent, AuditHead, AuditSeal

ROWS_AT_ONCE: Final = 2_000
_EVENT: Any = AuditEvent.__table__


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, in English for the command line; the row where there is one."""

    row_id: int | None
    what: str


class _FaultError(Exception):
    def __init__(self, what: str, *, row_id: int | None = None) -> None:
        super().__init__(what)
        self.fault = Fault(row_id, what)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found; rows and seals are counted up to the fault if there is one."""

    fault: Fault | None
    rows: int = 0
    first_id: int = 1
    last_id: int = 0
    seals: int = 0
    sealed_until: int = 0
    outside: SealFile | None = None

    @property
    def dropped(self) -> int:
        """How many rows were dropped after their term."""
        return self.first_id - 1


def check_log(session: Session, outside: Sequence[SealFile] = ()) -> Checked:
    """Look at every row, the head, every seal, and the seals from ``outside``.

    To be called in a ``snapshot``: rows go on being written meanwhile. The last of ``outside`` is
    the moment up to which an older copy put back would show.
    """
    check = _Check(session, crypto.store().log_keys)
    try:
        check.all(outside)
    except _FaultError as error:
        return check.found(error.fault, outside)
    return check.found(None, outside)


class _Check:
    """One walk along the log."""

    def __init__(self, session: Session, keys: LogKeys) -> None:
        self.session = session
        self.keys = keys
        self.head = session.scalars(select(AuditHead)).one_or_none()
        self.seals = session.scalars(select(AuditSeal).order_by(AuditSeal.number)).all()
        self.first_id = self.last_id = self.rows = 0
        self.last_hash = GENESIS

    def found(self, fault: Fault | None, outside: Sequence[SealFile]) -> Checked:
        """The outcome so far."""
        return Checked(
            fault=fault,
            rows=self.rows,
            first_id=self.first_id + 1,
            last_id=self.last_id,
            seals=len(self.seals),
            sealed_until=self.seals[-1].last_id if self.seals else 0,
            outside=max(outside, key=lambda one: one.body.number, default=None),
        )

    def all(self, outside: Sequence[SealFile]) -> None:
        """Everything, rows first: a fault should name a row where it can."""
        self._check_seals()
        self._check_rows()
        self._check_head()
        for file in outside:
            self._check_outside(file)

    def _check_seals(self) -> None:
        previous, next_id, kept = GENESIS, 1, False
        for number, seal in enumerate(self.seals, 1):
            body = body_of(seal)
            if seal.number != number:
                raise _FaultError(f"seal {number} is missing")
            if not self.keys.is_signed(body.to_bytes(), seal.signature):
                raise _FaultError(f"seal {number} was changed: its signature does not fit")
            if seal.previous != previous or seal.first_id != next_id:
                raise _FaultError(f"seal {number} does not follow the seal before it")
            previous, next_id = body.hash(seal.signature), seal.last_id + 1
            kept = kept or seal.dropped_at is None
            if seal.dropped_at is not None:
                if kept or seal.dropped_mac != self.keys.chain.dropped(number, seal.dropped_at):
                    raise _FaultError(f"seal {number} says its rows were dropped, but nobody did")
                self.first_id = self.last_id = seal.last_id
                self.last_hash = seal.last_hash

    def _check_rows(self) -> None:
        seals = iter([seal for seal in self.seals if seal.last_id > self.first_id])
        seal, tree = next(seals, None), MerkleTree()
        for row in self._rows():
            self._check_row(row)
            tree.add(row["mac"])
            if seal is not None and row["id"] == seal.last_id:
                if tree.root != seal.root or row["hash"] != seal.last_hash:
                    raise _FaultError(
                        f"rows {seal.first_id} to {seal.last_id} are not those that seal "
                        f"{seal.number} was made over",
                        row_id=seal.first_id,
                    )
                seal, tree = next(seals, None), MerkleTree()
        if seal is not None:
            raise _FaultError(
                f"missing: seal {seal.number} covers rows up to {seal.last_id}",
                row_id=self.last_id + 1,
            )

    def _check_row(self, row: RowMapping) -> None:
        number, due = row["id"], self.last_id + 1
        if number < due:
            raise _FaultError("stands among rows that were dropped", row_id=number)
        if number > due:
            raise _FaultError(f"missing: the next row there is is {number}", row_id=due)
        if self.keys.chain.content_hash(row) != row["hash"]:
            raise _FaultError("what it says was changed", row_id=number)
        if self.keys.chain.link(number, row["prev_hash"], row["hash"]) != row["mac"]:
            raise _FaultError(
                "was moved, or not written by the application: its HMAC does not fit",
                row_id=number,
            )
        if row["prev_hash"] != self.last_hash:
            raise _FaultError(f"does not follow row {number - 1}", row_id=number)
        self.last_id, self.last_hash = number, row["hash"]
        self.rows += 1

    def _check_head(self) -> None:
        head = self.head
        if head is None:
            raise _FaultError("the head of the log is missing" if self.rows else "the log is empty")
        if head.last_id > self.last_id:
            raise _FaultError(
                f"missing: the head says that row {head.last_id} was the last",
                row_id=self.last_id + 1,
            )
        if head.last_id < self.last_id:
            raise _FaultError("stands behind the last row the head knows", row_id=head.last_id + 1)
        if head.hash != self.last_hash or head.mac != self.keys.chain.head(head.hash):
            raise _FaultError(
                "the head of the log was changed: rows behind the last one may be gone",
                row_id=self.last_id + 1,
            )

    def _check_outside(self, file: SealFile) -> None:
        body = file.body
        if not self.keys.is_signed(body.to_bytes(), file.signature):
            raise _FaultError(f"the outside seal {body.number} was not signed by this installation")
        known = self.seals[body.number - 1] if body.number <= len(self.seals) else None
        if known is None or body_of(known) != body:
            raise _FaultError(
                f"an older or another log was put in place: the outside seal {body.number} of "
                f"{moment(body.sealed_at)} over rows {body.first_id} to {body.last_id} is not in "
                "the database",
                row_id=body.first_id,
            )

    def _rows(self) -> Iterator[RowMapping]:
        after = 0
        while True:
            page = select(_EVENT).where(_EVENT.c.id > after).order_by(_EVENT.c.id)
            rows = self._read(page.limit(ROWS_AT_ONCE))
            if not rows:
                return
            yield from rows
            after = rows[-1]["id"]

    def _read(self, page: Any) -> Sequence[RowMapping]:  # noqa: ANN401 - a Core select
        try:
            return self.session.execute(page).mappings().all()
        except (ValueError, TypeError, AttributeError, StatementError):
            ids = self.session.scalars(page.with_only_columns(_EVENT.c.id)).all()
        good = []
        for row_id in ids:
            one = select(_EVENT).where(_EVENT.c.id == row_id)
            try:
                good.append(self.session.execute(one).mappings().one())
            except (ValueError, TypeError, AttributeError, StatementError):
                # What stands before it may be broken as well: that one is to be named first.
                for row in good:
                    self._check_row(row)
                raise _FaultError("cannot be read", row_id=row_id) from None
        return good


def moment(at: datetime) -> str:
    """A moment as the command line writes it, in UTC."""
    return f"{at:%Y-%m-%d %H:%M} UTC"
