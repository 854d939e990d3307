"""The second wall: tells PostgreSQL who acts, so that its row-level security can decide once more.

Whoever acts is settled before a transaction opens, with ``acting_as``; nobody acts by default, and
nobody sees no row. ``wall.sql`` holds the rule itself and must never be made from app/access. On
SQLite, which has no such wall, nothing here does anything.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from sqlalchemy import text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.event import listen
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.infra import clock


class System(StrEnum):
    """Parts of the product that look further than one person may; each opens what it names."""

    ACCESS_REVIEW = "system:access-review"
    CALENDAR_FEED = "system:calendar-feed"
    CHASING = "system:chasing"
    DEMO = "system:demo"
    ESCALATION = "system:escalation"
    FIGURES = "system:figures"
    GATE = "system:gate"
    HANDOVER = "system:handover"
    LEAK_CHECK = "system:leak-check"
    LEAVING = "system:leaving"
    MAIL_READER = "system:mail-reader"
    MIGRATION = "system:migration"
    MINUTES = "system:minutes"
    OVERSIGHT = "system:oversight"
    PLANNING = "system:planning"
    PROJECTION = "system:projection"
    REFERRAL = "system:referral"
    RETENTION = "system:retention"
    TIDYING = "system:tidying"
    UNIQUENESS = "system:uniqueness"


@dataclass(frozen=True, slots=True)
class Opening:
    """The tables a system actor may read and those it may write as well, with the reason."""

    reads: frozenset[str]
    why: str
    writes: frozenset[str] = frozenset()


# What names a case, or an action of one. Left out are rows that name neither: how a table chases
# (follow_up), whom an organisation named (organisation_contact: every rung and every deputy's right
# is asked of others' rows), measurements and questions to partners (no row says who answered what),
# and the numbers of closed quarters, which the publication is made of for every reader alike.
COVERED: Final = frozenset(
    {
        "action",
        "action_event",
        "action_notice",
        "action_pause",
        "action_shown",
        "addendum",
        "bystander",
        "case",
        "correction",
        "decision",
        "draft",
        "emergency_reason",
        "emergency_review",
        "exclusion_reason",
        "export",
        "handover",
        "household_case",
        "identity_mark",
        "informing",
        "item_question",
        "legal_hold_reason",
        "minutes_extract_part",
        "new_fact",
        "note",
        "person_concerned",
        "print_sheet",
        "projected_line",
        "referral",
        "referral_question",
        "reply",
        "requester",
        "review_remark",
        "saved_view",
        "seat_proposal",
        "section",
        "source_view",
        "task_reason",
        "term_request",
    }
)

OPENINGS: Final = {
    System.ACCESS_REVIEW: Opening(
        frozenset({"action", "decision", "item_question"}),
        "Who reviews the answer to an access request reads what it holds beside sections.",
    ),
    System.CALENDAR_FEED: Opening(
        frozenset({"case"}),
        "Who fetches a calendar has no session: its statement finds owner and entries together.",
    ),
    System.CHASING: Opening(
        frozenset(
            {"action", "action_event", "action_notice", "action_pause", "case", "term_request"}
        ),
        "The worker finds what is due at every table and notes whom it told; it opens no text.",
        writes=frozenset({"action", "action_notice", "action_pause"}),
    ),
    System.DEMO: Opening(
        COVERED, "Fills an empty database with an invented region.", writes=COVERED
    ),
    System.ESCALATION: Opening(
        frozenset({"case", "handover", "referral"}),
        "Tells those who wait that a handover was not answered or a clock has run out; no text.",
        writes=frozenset({"handover"}),
    ),
    System.FIGURES: Opening(
        frozenset({"action", "case", "handover", "referral", "term_request"}),
        "Counts of a year take every case along: a number that left one out would tell of it.",
    ),
    System.GATE: Opening(
        frozenset({"bystander"}),
        "Whether somebody waits in the room without a seat holds up a secretary as well.",
    ),
    System.HANDOVER: Opening(
        frozenset({"action", "case", "handover", "referral", "section", "task_reason"}),
        "Whoever accepts a case for the own table serves it only once it has come there; and what"
        " is referred and handed over in one act is proposed by somebody who serves no table.",
        writes=frozenset({"action", "case", "handover", "referral", "section", "task_reason"}),
    ),
    System.LEAK_CHECK: Opening(
        frozenset({"case", "person_concerned", "section"}),
        "Compares a mail with every case on its meeting's agenda, whoever it goes to.",
    ),
    System.LEAVING: Opening(
        frozenset({"action"}),
        "Before somebody's access ends the administrator is told how many actions are open.",
    ),
    System.MAIL_READER: Opening(
        frozenset({"case", "reply"}),
        "Stores what came by mail, of people who are not signed in; each answer counts once.",
        writes=frozenset({"reply"}),
    ),
    System.MIGRATION: Opening(
        COVERED,
        "A migration that changes rows: FORCE ROW LEVEL SECURITY holds for the owner too.",
        writes=COVERED,
    ),
    System.MINUTES: Opening(
        frozenset({"correction", "minutes_extract_part"}),
        "Counts corrections that hold an item back, and says whether a copy reads as it was fixed.",
    ),
    System.OVERSIGHT: Opening(
        frozenset({"case", "section"}),
        "Who read what, and emergency readings: the reference and the name of a section, no text.",
    ),
    System.PLANNING: Opening(
        frozenset({"case", "item_question"}),
        "The state of every case follows its meeting, also of one closed to who plans it; and what"
        " was asked of the table is copied unread.",
        writes=frozenset({"case", "item_question"}),
    ),
    System.PROJECTION: Opening(
        frozenset({"case", "projected_line"}),
        "The room's window belongs to nobody: it shows what staff pushed to it, and nothing else;"
        " of a case it asks whether that is still at the table.",
    ),
    System.REFERRAL: Opening(
        frozenset(
            {
                "case",
                "identity_mark",
                "informing",
                "person_concerned",
                "referral",
                "referral_question",
                "section",
            }
        ),
        "Who refers serves no table: the case is put on its list, and an answer brings it back.",
        writes=frozenset(
            {
                "case",
                "identity_mark",
                "informing",
                "person_concerned",
                "referral",
                "referral_question",
                "section",
            }
        ),
    ),
    System.RETENTION: Opening(
        COVERED,
        "Destroys what is past its term once two people agreed, and counts it without a reference.",
        writes=COVERED,
    ),
    System.TIDYING: Opening(
        frozenset({"draft", "export", "print_sheet"}),
        "Throws drafts away after a day, and what was made for paper after an hour.",
        writes=frozenset({"draft", "export", "print_sheet"}),
    ),
    System.UNIQUENESS: Opening(
        frozenset({"case", "decision", "section"}),
        "A reference or number is given once, a section type in use stays, and so does an agreement"
        " a decision rests on: yes or no comes out.",
    ),
}

_acting: ContextVar[str] = ContextVar("casustafel_acting", default="")


def enter(who: uuid.UUID | System | None) -> Token[str]:
    """From now on ``who`` acts in this thread; for a request, which ends with ``leave``."""
    return _acting.set(str(who or ""))


def leave(token: Token[str]) -> None:
    """Whoever acted before ``enter`` acts again."""
    _acting.reset(token)


def person_acting() -> uuid.UUID | None:
    """The person who acts; None for a part of the product and for nobody."""
    try:
        return uuid.UUID(_acting.get())
    except ValueError:
        return None


@contextmanager
def acting_as(who: uuid.UUID | System | None) -> Iterator[None]:
    """``who`` acts in the transactions that begin inside the block."""
    token = enter(who)
    try:
        yield
    finally:
        leave(token)


@contextmanager
def opened_for(session: Session, system: System) -> Iterator[None]:
    """Inside an open transaction: ask or write these few things as a system actor."""
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        yield
        return
    session.flush()
    _tell(connection, system)
    try:
        yield
        session.flush()
    except SQLAlchemyError:
        raise  # the transaction is lost, and with it who acted
    except BaseException:
        _tell(connection, _acting.get())
        raise
    _tell(connection, _acting.get())


def build(engine: Engine) -> None:
    """Have every transaction of a PostgreSQL engine begin with who acts and when."""
    if engine.dialect.name == "postgresql":
        listen(engine, "begin", lambda connection: _tell(connection, _acting.get()))


def _tell(connection: Connection, who: str) -> None:
    """Until the end of the transaction, so that no pooled connection carries it on."""
    connection.execute(
        text(
            "SELECT set_config('casustafel.actor', :who, true),"
            " set_config('casustafel.clock', :now, true)"
        ),
        {"who": who, "now": clock.now().isoformat()},
    )


def raise_on(connection: Connection) -> None:
    """Build the wall on a schema that has none; as the owner of the tables, for migrations."""
    rule = (Path(__file__).parent / "wall.sql").read_text(encoding="utf-8")
    _run(connection, "\n".join([rule, *_policies_of_the_system(), *_forced()]))


def take_down(connection: Connection) -> None:
    """Remove the wall with its functions; for migrations. The roles stay."""
    _run(connection, "DROP SCHEMA acl CASCADE")


def _run(connection: Connection, script: str) -> None:
    if connection.dialect.name == "postgresql":
        # Past SQLAlchemy: many statements at once, in which nothing is a parameter.
        connection.connection.cursor().execute(script)


def _policies_of_the_system() -> Iterator[str]:
    for table in sorted(COVERED):
        readers = [one.value for one, opening in OPENINGS.items() if table in opening.reads]
        writers = [one.value for one, opening in OPENINGS.items() if table in opening.writes]
        yield f'CREATE POLICY system_reads ON "{table}" FOR SELECT USING ({_is_one_of(readers)});'
        yield f'CREATE POLICY system_writes ON "{table}" FOR ALL USING ({_is_one_of(writers)});'


def _is_one_of(names: list[str]) -> str:
    listed = ", ".join(f"'{name}'" for name in names)
    return f"(SELECT current_setting('casustafel.actor', true)) IN ({listed})"


def _forced() -> Iterator[str]:
    for table in sorted(COVERED):
        yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY;'
        yield f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY;'
