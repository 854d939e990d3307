"""The table of what was measured, as docs/performance.md shows it, and which limits it breaks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HEADINGS = (
    "Page", "SQL", "× bare, small", "× bare, stress", "ms, stress", "requests/s, small",
    "requests/s, stress", "stress ÷ small",
)  # fmt: skip
NOTHING = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What a page may cost: statements, times the time of the small region, seconds."""

    statements: int | None = None
    growth: float | None = None
    seconds: float | None = None


NO_LIMIT = Limit()


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """A page in one region: statements, median seconds alone, requests per second of four."""

    statements: int
    seconds: float
    per_second: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A page in the small region and, if it was measured, in that of the stress size."""

    name: str
    bare: float
    small: Timed
    stress: Timed | None = None
    limit: Limit = NO_LIMIT

    @property
    def growth(self) -> float | None:
        """How many times longer the large region takes."""
        return self.stress.seconds / self.small.seconds if self.stress else None

    def broken(self) -> list[str]:
        """The limits that do not hold, in words; growth only where both sizes were measured."""
        last, limit, found = self.stress or self.small, self.limit, []
        if limit.statements is not None and last.statements > limit.statements:
            found.append(f"{self.name}: {last.statements} SQL, at most {limit.statements}")
        if limit.growth is not None and self.growth and self.growth > limit.growth:
            found.append(f"{self.name}: {self.growth:.2f} × small, at most {limit.growth:g}")
        if limit.seconds is not None and last.seconds > limit.seconds:
            found.append(f"{self.name}: {last.seconds:.2f} s, at most {limit.seconds:g}")
        return found

    def cells(self) -> list[str]:
        """As ``HEADINGS`` has it."""
        small, stress = self.small, self.stress
        sql = {str(one.statements) for one in (small, stress) if one}
        return [
            self.name,
            " / ".join(sorted(sql, key=int)),
            f"{small.seconds / self.bare:.1f}",
            f"{stress.seconds / self.bare:.1f}" if stress else NOTHING,
            f"{stress.seconds * 1000:.1f}" if stress else NOTHING,
            f"{small.per_second:.0f}",
            f"{stress.per_second:.0f}" if stress else NOTHING,
            f"{self.growth:.2f}" if self.growth else NOTHING,
        ]


def written(rows: Iterable[Row]) -> str:
    """A Markdown table."""
    lines = [HEADINGS, ("---", *("---:" for _ in HEADINGS[1:])), *(row.cells() for row in rows)]
    return "\n".join(_line(cells) for cells in lines)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
