"""What the board of actions is narrowed to and sorted by, as it stands in an address.

Ids, codes and days only; it must never know whether anybody may see what it names.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from urllib.parse import parse_qsl, urlencode

from app.domain.kinds import ActionState
from app.domain.local_time import parse_date
from app.domain.states import UNFINISHED

# Longer is no address of the board (models/following.py SavedView).
MOST_QUERY: Final = 400
# Stands for "nobody yet" where a holder is named.
NOBODY: Final = "nobody"
DESCENDING: Final = "-"


class Shown(StrEnum):
    """More states than one."""

    UNFINISHED = "unfinished"
    ALL = "all"


class Checked(StrEnum):
    """Whether staff saw that what was reported as done is so."""

    WAITS = "no"
    DONE = "yes"


class Sort(StrEnum):
    """A column the board is sorted by."""

    DUE = "due"
    CASE = "case"
    TABLE = "table"
    ORGANISATION = "organisation"
    STATE = "state"
    REMINDED = "reminded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the board is narrowed to; None is everything of that kind.

    ``household_of`` names a case: all cases of its household; ``case_id`` that case alone.
    ``due_until`` is that day included.
    """

    table_id: uuid.UUID | None = None
    organisation_id: uuid.UUID | None = None
    person_id: uuid.UUID | None = None
    without_holder: bool = False
    state: ActionState | Shown = Shown.UNFINISHED
    only_overdue: bool = False
    due_from: date | None = None
    due_until: date | None = None
    household_of: uuid.UUID | None = None
    case_id: uuid.UUID | None = None
    checked: Checked | None = None
    only_asked: bool = False
    sort: Sort = Sort.DUE
    descending: bool = False

    @property
    def states(self) -> tuple[ActionState, ...]:
        """The states that show; what is looked at by staff was reported as done."""
        if self.checked is not None:
            return (ActionState.DONE,)
        if isinstance(self.state, ActionState):
            return (self.state,)
        return UNFINISHED if self.state is Shown.UNFINISHED else tuple(ActionState)

    def pairs(self) -> dict[str, str]:
        """The parts of the address, without what holds anyway, always in this order."""
        holder = NOBODY if self.without_holder else _text(self.person_id)
        sort = f"{DESCENDING if self.descending else ''}{self.sort}"
        given = {
            "table": _text(self.table_id),
            "organisation": _text(self.organisation_id),
            "person": holder,
            "state": "" if self.state is Shown.UNFINISHED else self.state.value,
            "overdue": "y" if self.only_overdue else "",
            "due_from": _day(self.due_from),
            "due_until": _day(self.due_until),
            "household": _text(self.household_of),
            "case": _text(self.case_id),
            "verified": self.checked.value if self.checked else "",
            "asked": "y" if self.only_asked else "",
            "sort": "" if sort == Sort.DUE else sort,
        }
        return {name: value for name, value in given.items() if value}

    def query(self) -> str:
        """The same as one text; two boards that show the same have the same."""
        return urlencode(self.pairs())


def read_query(query: str) -> Filters:
    """Filters from such a text. ValueError where it is none; what it does not know is left out."""
    if len(query) > MOST_QUERY:
        message = "too long for an address of the board"
        raise ValueError(message)
    return read(dict(parse_qsl(query)))


def read(given: Mapping[str, str]) -> Filters:
    """Filters from the parts of an address; ValueError as above."""
    person, sort, state = given.get("person"), given.get("sort") or Sort.DUE, given.get("state")
    checked = given.get("verified")
    return Filters(
        table_id=_id(given.get("table")),
        organisation_id=_id(given.get("organisation")),
        person_id=None if person == NOBODY else _id(person),
        without_holder=person == NOBODY,
        state=_state(state or Shown.UNFINISHED),
        only_overdue=bool(given.get("overdue")),
        due_from=_read_day(given.get("due_from")),
        due_until=_read_day(given.get("due_until")),
        household_of=_id(given.get("household")),
        case_id=_id(given.get("case")),
        checked=Checked(checked) if checked else None,
        only_asked=bool(given.get("asked")),
        sort=Sort(sort.removeprefix(DESCENDING)),
        descending=sort.startswith(DESCENDING),
    )


def _state(text: str) -> ActionState | Shown:
    return Shown(text) if text in tuple(Shown) else ActionState(text)


def _id(text: str | None) -> uuid.UUID | None:
    return uuid.UUID(text) if text else None


def _text(one: uuid.UUID | None) -> str:
    return str(one) if one else ""


def _day(day: date | None) -> str:
    return f"{day:%d-%m-%Y}" if day else ""


def _read_day(text: str | None) -> date | None:
    return parse_date(text) if text else None
