"""How long a table keeps what it holds, and within how long it answers who asks for it.

Every period is data of a table; what stands here are the values a new table begins with and the
few rules that hold whatever is chosen. It must never know what is kept or who asked.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.domain.kinds import Regime, RetentionClass, TermSubject

# A repeat is looked for among the cases of the last twelve months (domain.md §2.1).
REPEAT_MONTHS: Final = 12
LONGEST: Final = 240

KEEPING: Final[Mapping[RetentionClass, TermSubject]] = {
    RetentionClass.SUMMARY: TermSubject.KEEP_SUMMARY,
    RetentionClass.DECISIONS: TermSubject.KEEP_DECISIONS,
    RetentionClass.IDENTITY: TermSubject.KEEP_IDENTITY,
}
REPLYING: Final[Mapping[Regime, TermSubject]] = {
    Regime.AVG: TermSubject.REPLY_AVG,
    Regime.WPG: TermSubject.REPLY_WPG,
    Regime.WJSG: TermSubject.REPLY_WJSG,
}
IN_WEEKS: Final = frozenset({TermSubject.REPLY_WPG, TermSubject.REPLY_WJSG})


@dataclass(frozen=True, slots=True)
class Term:
    """So many months (weeks for some subjects), and by how many it may be lengthened once."""

    amount: int
    extra: int = 0


Terms = Mapping[TermSubject, Term]

# domain.md §3.4 for keeping; AVG article 12, Wpg article 25 and Wjsg article 18 for answering.
DEFAULTS: Final[Terms] = {
    TermSubject.KEEP_SUMMARY: Term(6),
    TermSubject.KEEP_DECISIONS: Term(60),
    TermSubject.KEEP_IDENTITY: Term(REPEAT_MONTHS),
    TermSubject.KEEP_REPLIES: Term(6),
    TermSubject.REPLY_AVG: Term(1, 2),
    TermSubject.REPLY_WPG: Term(6),
    TermSubject.REPLY_WJSG: Term(4),
}


def ends_on(subject: TermSubject, since: date, amount: int) -> date:
    """The day a term ends that began ``since``; a month later is the same day, or the last one."""
    if subject in IN_WEEKS:
        return since + timedelta(weeks=amount)
    months = since.year * 12 + since.month - 1 + amount
    year, month = divmod(months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(since.day, last))


def faulty(terms: Terms) -> TermSubject | None:
    """The first subject whose term may not be so; None when all is in order.

    Agreements outlive what they rest on, and identity lasts as long as repeats are looked for.
    """
    for subject, term in terms.items():
        if not (1 <= term.amount <= LONGEST and 0 <= term.extra <= LONGEST):
            return subject
    if terms[TermSubject.KEEP_DECISIONS].amount < terms[TermSubject.KEEP_SUMMARY].amount:
        return TermSubject.KEEP_DECISIONS
    if terms[TermSubject.KEEP_IDENTITY].amount < REPEAT_MONTHS:
        return TermSubject.KEEP_IDENTITY
    return None
