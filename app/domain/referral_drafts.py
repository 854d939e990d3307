"""What a partner writes in the four steps of a referral, and what of it is still missing.

Stored whole, sealed, until it is sent; it must never know where.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Final

from app.domain import stored_trees
from app.domain.kind_document import KindDocument
from app.domain.kinds import Channel, ConcernedRole, Regime, Urgency
from app.domain.table_chooser import Signs

MOST_CONCERNED: Final = 12


class Step(StrEnum):
    """The four steps, in order."""

    TABLE = "table"
    MATTER = "matter"
    CRITERIA = "criteria"
    HOUSEHOLD = "household"


@dataclass(frozen=True, slots=True)
class Choice:
    """Step 1: what was answered, and the table that was chosen (its id)."""

    signs: Signs = field(default_factory=Signs)
    table: str = ""


@dataclass(frozen=True, slots=True)
class Matter:
    """Step 2. ``late`` is why it cannot wait for the deadline after this one."""

    question: str = ""
    cause: str = ""
    tried: str = ""
    late: str = ""
    urgency: Urgency | None = None
    channel: Channel = Channel.FORM
    regime: Regime = Regime.AVG


@dataclass(frozen=True, slots=True)
class Met:
    """Step 3: the codes that are met, of the criteria of this version of that kind."""

    kind: str = ""
    number: int = -1
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the household; ``born`` is an ISO date, empty when unknown."""

    role: ConcernedRole
    label: str
    name: str = ""
    born: str = ""

    @property
    def birth_date(self) -> date | None:
        """The date itself."""
        return date.fromisoformat(self.born) if self.born else None


@dataclass(frozen=True, slots=True)
class Household:
    """Step 4: who is concerned, whether the family knows, and who should be at the table."""

    members: tuple[Member, ...] = ()
    informed: bool | None = None
    informed_on: str = ""
    reason: str = ""
    partners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A whole draft; ``saved`` counts how often each step was changed."""

    choice: Choice = field(default_factory=Choice)
    matter: Matter = field(default_factory=Matter)
    met: Met = field(default_factory=Met)
    household: Household = field(default_factory=Household)
    saved: Mapping[str, int] = field(default_factory=dict)


Part = Choice | Matter | Met | Household
_NAMES: Final[Mapping[Step, str]] = {
    Step.TABLE: "choice",
    Step.MATTER: "matter",
    Step.CRITERIA: "met",
    Step.HOUSEHOLD: "household",
}


def part_of(draft: Draft, step: Step) -> Part:
    """What stands in one step."""
    found: Part = getattr(draft, _NAMES[step])
    return found


def version_of(draft: Draft, step: Step) -> int:
    """How often a step was changed."""
    return draft.saved.get(step.value, 0)


def with_part(draft: Draft, step: Step, part: Part) -> Draft:
    """The draft with other words in one step; the same draft when nothing changed."""
    if part_of(draft, step) == part and version_of(draft, step):
        return draft
    saved = {**draft.saved, step.value: version_of(draft, step) + 1}
    return replace(draft, **{_NAMES[step]: part, "saved": saved})  # type: ignore[arg-type]  # by name


def dump(draft: Draft) -> str:
    """The draft as JSON."""
    return stored_trees.dump(draft)


def parse(text: str) -> Draft:
    """Read a draft back. ValueError when it does not fit."""
    return stored_trees.parse(Draft, text)


class Lack(StrEnum):
    """What keeps a draft from being sent."""

    TABLE = "table"
    QUESTION = "question"
    CAUSE = "cause"
    URGENCY = "urgency"
    CRITERIA = "criteria"
    MEMBERS = "members"
    INFORMED = "informed"
    REASON = "reason"


STEP_OF: Final[Mapping[Lack, Step]] = {
    Lack.TABLE: Step.TABLE,
    Lack.QUESTION: Step.MATTER,
    Lack.CAUSE: Step.MATTER,
    Lack.URGENCY: Step.MATTER,
    Lack.CRITERIA: Step.CRITERIA,
    Lack.MEMBERS: Step.HOUSEHOLD,
    Lack.INFORMED: Step.HOUSEHOLD,
    Lack.REASON: Step.HOUSEHOLD,
}


def lacks(draft: Draft, document: KindDocument | None, number: int) -> tuple[Lack, ...]:
    """What is missing, in the order of the steps; without ``document`` the table takes none.

    Criteria of another kind, or of another version of it, were never answered.
    """
    return tuple(_lacks(draft, document, number))


def _lacks(draft: Draft, document: KindDocument | None, number: int) -> Iterator[Lack]:
    matter, household = draft.matter, draft.household
    if document is None:
        yield Lack.TABLE
    if not matter.question:
        yield Lack.QUESTION
    if not matter.cause:
        yield Lack.CAUSE
    if matter.urgency is None:
        yield Lack.URGENCY
    if document is not None and not is_answered(draft.met, document, number):
        yield Lack.CRITERIA
    if not household.members:
        yield Lack.MEMBERS
    if household.informed is None or (household.informed and not household.informed_on):
        yield Lack.INFORMED
    elif not household.informed and not household.reason:
        yield Lack.REASON


def is_answered(met: Met, document: KindDocument, number: int) -> bool:
    """The criteria were answered as they hold now; where there are none, none are asked."""
    return not document.criteria or (met.kind, met.number) == (document.code, number)


def required_met(met: Met, document: KindDocument) -> tuple[int, int]:
    """How many of the required criteria are met, and how many there are."""
    required = {one.code for one in document.criteria if one.is_required}
    return len(required & set(met.codes)), len(required)
