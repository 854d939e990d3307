"""What the kinds that ship have in common: clocks, partners, words; it must never name a kind."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from app.domain.kind_document import ClockRule, LegalRegime, OutcomeRule, Partner, Words
from app.domain.kinds import ClockStart, ClockUnit, DecisionKind, OrganisationKind, TermSubject
from app.domain.terms import DEFAULTS, KEEPING

EVERYWHERE: Final = (DecisionKind.AGREEMENT, DecisionKind.ADVICE)
WITH_SAFETY: Final = (
    DecisionKind.AGREEMENT,
    DecisionKind.SAFETY_AGREEMENT,
    DecisionKind.ADVICE,
)

# domain.md §1.1: within five working days it is known what happens with what was referred.
TRIAGE: Final = ClockRule(
    "triage",
    Words("Beoordeling van de aanmelding", "Assessment of the referral"),
    ClockStart.REFERRAL,
    5,
)
ACCEPTANCE: Final = ClockRule(
    "acceptance",
    Words("Antwoord op een overdracht", "Answer to a handover"),
    ClockStart.HANDOVER,
    2,
)

NEEDS_ANOTHER_TABLE: Final = OutcomeRule(
    "referred-on", Words("Doorgeleid naar een ander overleg", "Referred on to another table")
)
NO_FURTHER_ACTION: Final = OutcomeRule(
    "no-action", Words("Geen verdere inzet van dit overleg", "No further action by this table")
)


def triage_within(amount: int, unit: ClockUnit) -> ClockRule:
    """The same clock, for a table that has to be sooner."""
    return ClockRule(TRIAGE.code, TRIAGE.text, TRIAGE.start, amount, unit)


def partners(
    standing: Collection[OrganisationKind], others: Iterable[OrganisationKind]
) -> tuple[Partner, ...]:
    """The standing partners first, then who else may be asked."""
    return (
        *(Partner(kind, is_standing=True) for kind in standing),
        *(Partner(kind) for kind in others),
    )


def regime(
    ground: Words, purpose: Words, *, allowed: tuple[OrganisationKind, ...] = ()
) -> LegalRegime:
    """A regime with the shortest terms that hold everywhere (domain.md §3.4)."""
    kept = (*KEEPING.values(), TermSubject.KEEP_REPLIES)
    months = {subject: DEFAULTS[subject].amount for subject in kept}
    return LegalRegime(ground, purpose, allowed=allowed, keep_months=months)
