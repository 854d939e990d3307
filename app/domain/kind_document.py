"""What a kind of case table is: one document an administrator may change, with an effective date.

A document is stored as JSON and read back whole; ``parse`` refuses what does not fit. Nothing in it
opens anything: what it proposes (sections, disclosures, seats) becomes rows people decide about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from app.domain import stored_trees
from app.domain.kinds import (
    ClockStart,
    ClockUnit,
    DecisionKind,
    FigureSource,
    OrganisationKind,
    RequiredRole,
    RetentionClass,
    TableKind,
    TermSubject,
)


@dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages; shown, so never a code."""

    nl: str
    en: str

    def of(self, language: str) -> str:
        """The text for a reader of ``language``; Dutch for any but English."""
        return self.en if language == "en" else self.nl


@dataclass(frozen=True, slots=True)
class SectionPreset:
    """One section of a scheme; labels are shown, the code is stored and never shown."""

    code: str
    label_nl: str
    label_en: str
    retention: RetentionClass = RetentionClass.SUMMARY
    is_identity: bool = False
    is_input: bool = False
    is_plan: bool = False


@dataclass(frozen=True, slots=True)
class DisclosurePreset:
    """One kind of partner gets one section by standard, with its three reasons."""

    organisation_kind: OrganisationKind
    section_code: str
    ground: str
    purpose: str
    necessity: str


@dataclass(frozen=True, slots=True)
class Partner:
    """A kind of partner at such a table; ``is_standing``: it is usually invited to every case."""

    kind: OrganisationKind
    is_standing: bool = False


@dataclass(frozen=True, slots=True)
class Criterion:
    """Something a referral is asked about; of a required one that is not met staff say why."""

    code: str
    text: Words
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Weekly:
    """A deadline on a day of the week (Monday is 0) at a time in Amsterdam."""

    weekday: int
    at: time


@dataclass(frozen=True, slots=True)
class ClockRule:
    """A period that runs for a case from ``start``: so many units, or until the next ``weekly``.

    Days count calendar time from the moment itself, weekends included; working days end at
    midnight after the last one. ``plans_meeting``: a meeting is planned at its end by itself.
    ``ends_order``: an exclusion order that was not extended ends with it; ``ends_extended``: one
    that was.
    """

    code: str
    text: Words
    start: ClockStart
    amount: int = 0
    unit: ClockUnit = ClockUnit.WORKING_DAYS
    weekly: Weekly | None = None
    plans_meeting: bool = False
    ends_order: bool = False
    ends_extended: bool = False


@dataclass(frozen=True, slots=True)
class OutcomeRule:
    """What may come of a discussion; ``counts_as`` is the annual figure it adds one to, if any."""

    code: str
    text: Words
    counts_as: str = ""


@dataclass(frozen=True, slots=True)
class FigureRule:
    """A figure of the year; outcomes count by their ``counts_as``, daily counts by their code."""

    code: str
    text: Words
    source: FigureSource


@dataclass(frozen=True, slots=True)
class LegalRegime:
    """On what such a table rests, who may take part, and for how many months what is kept."""

    ground: Words
    purpose: Words
    contact: str = ""
    allowed: tuple[OrganisationKind, ...] = ()
    keep_months: Mapping[TermSubject, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KindDocument:
    """Everything that is said of a kind of table.

    ``works_as`` decides which pages of its own its tables have, and cannot change. ``advice`` says
    for which cases it is meant, in the words of the table chooser. ``takes_referrals``: partners
    may refer to it. ``has_independent_chair``: whoever brings a case does not chair it. Windows and
    corrections in working days, minutes per agenda item.
    """

    code: str
    works_as: TableKind
    name: Words
    advice: Words
    takes_referrals: bool = True
    partners: tuple[Partner, ...] = ()
    required_roles: tuple[RequiredRole, ...] = ()
    sections: tuple[SectionPreset, ...] = ()
    disclosures: tuple[DisclosurePreset, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    regime: LegalRegime
    confidentiality: Words
    rhythm: Words = Words("", "")
    minutes_per_item: int = 30
    opens_working_days: int = 5
    closes_working_days: int = 5
    correction_working_days: int = 0
    has_standing_seats: bool = False
    children_first: bool = False
    has_family_part: bool = False
    has_independent_chair: bool = False
    clocks: tuple[ClockRule, ...] = ()
    decision_kinds: tuple[DecisionKind, ...] = ()
    outcomes: tuple[OutcomeRule, ...] = ()
    figures: tuple[FigureRule, ...] = ()

    def takes_from(self, kind: OrganisationKind) -> bool:
        """Whether a partner of this kind may refer to such a table."""
        return self.takes_referrals and (not self.regime.allowed or kind in self.regime.allowed)


def dump(document: KindDocument) -> str:
    """The document as JSON, with its keys in order."""
    return stored_trees.dump(document)


def parse(text: str) -> KindDocument:
    """Read a document back. ValueError names what does not fit."""
    return stored_trees.parse(KindDocument, text)
