"""When the parts of an installation last did their work, and when its copies were last made."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import String, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from app.infra import clock
from app.infra.db import Base, reading, transaction


class Sign(StrEnum):
    """What gives a sign; the backups by the script that makes them."""

    WORKER = "worker"
    MAILBOX = "mailbox"
    DATA_BACKUP = "data"
    KEY_BACKUP = "keys"


class SignOfLife(Base):
    """The last time; nothing is kept of earlier ones."""

    __tablename__ = "sign_of_life"
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    given_at: Mapped[datetime]


def give(sign: Sign) -> None:
    """Note that it works now; of two that begin at once the other's note stands."""
    moment = clock.now()
    try:
        with transaction() as session:
            noted = session.execute(
                update(SignOfLife).where(SignOfLife.name == sign.value).values(given_at=moment)
            )
            if not noted.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has it
                session.execute(insert(SignOfLife).values(name=sign.value, given_at=moment))
    except IntegrityError:
        return


def last() -> dict[Sign, datetime]:
    """When each gave its last sign; those that never did are absent."""
    with reading() as session:
        rows = session.execute(select(SignOfLife.name, SignOfLife.given_at)).all()
    return {Sign(name): given_at for name, given_at in rows}
