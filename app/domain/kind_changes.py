"""What may be changed of a kind of table, part by part, and what a change amounts to.

Documents in, documents out: it must never know a table, nor when something holds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from app.domain import presets, terms
from app.domain.errors import Reason, Refusal
from app.domain.kind_document import DisclosurePreset, KindDocument, SectionPreset
from app.domain.kinds import (
    ClockStart,
    DecisionKind,
    FigureSource,
    OrganisationKind,
    RequiredRole,
    RetentionClass,
    TableKind,
    TermSubject,
)
from app.domain.quorum import FILLED_BY

_KINDS: Final = tuple(OrganisationKind)


class KindPart(StrEnum):
    """The parts a kind is changed by, in the order in which they are read."""

    GENERAL = "general"
    PARTNERS = "partners"
    SECTIONS = "sections"
    DISCLOSURES = "disclosures"
    CRITERIA = "criteria"
    REGIME = "regime"
    CLOCKS = "clocks"
    OUTCOMES = "outcomes"
    FIGURES = "figures"


class Way(StrEnum):
    """How one line of a part differs from before."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One line that differs: rows by their code, everything else by the name of its field."""

    part: KindPart
    way: Way
    code: str
    before: Any = None
    after: Any = None


FIELDS: Final[Mapping[KindPart, tuple[str, ...]]] = {
    KindPart.GENERAL: (
        "name", "advice", "takes_referrals", "rhythm", "minutes_per_item", "opens_working_days",
        "closes_working_days", "correction_working_days", "has_standing_seats", "children_first",
        "has_family_part", "has_independent_chair",
    ),
    KindPart.PARTNERS: ("partners", "required_roles"),
    KindPart.SECTIONS: ("sections",),
    KindPart.DISCLOSURES: ("disclosures",),
    KindPart.CRITERIA: ("criteria",),
    KindPart.REGIME: ("regime", "confidentiality"),
    KindPart.CLOCKS: ("clocks",),
    KindPart.OUTCOMES: ("decision_kinds", "outcomes"),
    KindPart.FIGURES: ("figures",),
}  # fmt: skip


def differences(before: KindDocument, after: KindDocument) -> tuple[Difference, ...]:
    """Every line that differs, part by part; another order alone is no difference."""
    before, after = put_in_order(before), put_in_order(after)
    return tuple(
        one
        for part, names in FIELDS.items()
        for name in names
        for one in _differing(part, name, getattr(before, name), getattr(after, name))
    )


def _differing(part: KindPart, name: str, before: Any, after: Any) -> Iterator[Difference]:  # noqa: ANN401 - any field
    if before == after:
        return
    if not (isinstance(before, tuple) and any(_key(one) for one in (*before, *after))):
        yield Difference(part, Way.CHANGED, name, before, after)
        return
    old, new = ({_key(one): one for one in rows} for rows in (before, after))
    for code, row in new.items():
        if code not in old:
            yield Difference(part, Way.ADDED, code, None, row)
        elif row != old[code]:
            yield Difference(part, Way.CHANGED, code, old[code], row)
    for code, row in old.items():
        if code not in new:
            yield Difference(part, Way.REMOVED, code, row, None)


def _key(row: Any) -> str:  # noqa: ANN401 - a row of any part
    """What a row is known by from version to version; nothing for a plain value."""
    if isinstance(row, DisclosurePreset):
        return f"{row.organisation_kind}/{row.section_code}"
    return str(getattr(row, "code", "") or getattr(row, "kind", ""))


def put_in_order(document: KindDocument) -> KindDocument:
    """Without what points at a section or partner that is gone; in the order things are named."""
    scheme = [one.code for one in document.sections]
    partners = {one.kind for one in document.partners}
    kept = [
        one
        for one in document.disclosures
        if one.section_code in scheme and one.organisation_kind in partners
    ]
    kept.sort(key=lambda one: (_KINDS.index(one.organisation_kind), scheme.index(one.section_code)))
    ordered = sorted(
        document.partners, key=lambda one: (not one.is_standing, _KINDS.index(one.kind))
    )
    wanted = {DecisionKind.AGREEMENT, *document.decision_kinds}
    allowed = tuple(kind for kind in _KINDS if kind in document.regime.allowed)
    return replace(
        document,
        partners=tuple(ordered),
        required_roles=tuple(role for role in RequiredRole if role in document.required_roles),
        disclosures=tuple(kept),
        decision_kinds=tuple(kind for kind in DecisionKind if kind in wanted),
        regime=replace(document.regime, allowed=allowed),
    )


def refuse_faulty(document: KindDocument) -> None:
    """Refusal where a document cannot hold so; ``field`` names the field of its part."""
    _refuse_scheme(document.sections, presets.document_of(document.works_as).sections)
    partners = {one.kind for one in document.partners}
    if any(partners.isdisjoint(FILLED_BY[role]) for role in document.required_roles):
        raise Refusal(Reason.KIND_ROLE_UNFILLED, "required_roles")
    if any(one.weekly is None and one.amount < 1 for one in document.clocks):
        raise Refusal(Reason.KIND_CLOCK_EMPTY)
    _refuse_ends(document)
    kept = document.regime.keep_months or {}
    wanted = {**terms.DEFAULTS, **{what: terms.Term(months) for what, months in kept.items()}}
    if fault := terms.faulty(wanted):
        reason = {
            TermSubject.KEEP_DECISIONS: Reason.TERM_ORDER,
            TermSubject.KEEP_IDENTITY: Reason.TERM_IDENTITY,
        }.get(fault, Reason.TERM_OUT_OF_RANGE)
        raise Refusal(reason, fault.value.replace("-", "_"))
    counted = {one.code for one in document.figures if one.source is FigureSource.OUTCOMES}
    if not {one.counts_as for one in document.outcomes if one.counts_as} <= counted:
        raise Refusal(Reason.KIND_COUNTS_NOWHERE)


def _refuse_ends(document: KindDocument) -> None:
    """An exclusion order ends once, and once more if it is extended; nothing else has such ends."""
    plain = [one for one in document.clocks if one.ends_order]
    extended = [one for one in document.clocks if one.ends_extended]
    both = [*plain, *extended]
    needed = 1 if document.works_as is TableKind.EXCLUSION_ORDER else 0
    if (
        len(plain) != needed
        or len(extended) > needed
        or any(one.start is not ClockStart.SERVICE for one in both)
        or len({one.code for one in both}) != len(both)
    ):
        raise Refusal(Reason.KIND_ORDER_ENDS)


def _refuse_scheme(sections: Collection[SectionPreset], shipped: Collection[SectionPreset]) -> None:
    """The pages of a way of working put texts in its special sections: those stay."""
    needed = {one.code for one in shipped} & {
        presets.IDENTITY, presets.INPUT, presets.TRIED, presets.WEIGHING, presets.EXIT,
        presets.AGREEMENTS, "cause", *presets.LIFE,
    }  # fmt: skip
    if not needed <= {one.code for one in sections}:
        raise Refusal(Reason.KIND_SECTION_NEEDED)
    for one in sections:
        if one.is_identity != (one.retention is RetentionClass.IDENTITY):
            raise Refusal(Reason.IDENTITY_CLASS)
        if one.is_plan and (one.is_identity or one.is_input):
            raise Refusal(Reason.PLAN_STANDS_ALONE)
