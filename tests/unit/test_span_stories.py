"""What a reordered agenda does to one partner's calendar, as stories one can read in review."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from app.domain.spans import Slot, Span, match_spans, spans

GOLDEN = Path(__file__).parent.parent / "golden" / "spans"
START = datetime(2027, 3, 2, 12, 0, tzinfo=UTC)
OWN = "ABC"

# The partner's own items are A, B and C; x, y and z are somebody else's, "-" is a break.
STORIES = {
    "unchanged": ("ABx", "BAx"),
    "moved": ("ABx", "xAB"),
    "split": ("ABCx", "AxBC"),
    "merge": ("AxBy", "xABy"),
    "swap": ("AxByC", "CxByA"),
    "grow": ("Axy", "ABxy"),
    "shrink": ("ABxy", "Axy"),
    "break between": ("A-Bx", "AxB-"),
    "gone": ("AxB", "Axy"),
}


def laid_out(order: str) -> dict[str, Slot]:
    """Half an hour each, a quarter for a break."""
    found, at = {}, START
    for name in order:
        until = at + timedelta(minutes=15 if name == "-" else 30)
        found[name] = Slot(UUID(int=ord(name)), at, until)
        at = until
    return found


def entries(order: str) -> tuple[Span, ...]:
    items = laid_out(order)
    own = [slot for name, slot in items.items() if name in OWN]
    return spans(own, fixed=[slot for name, slot in items.items() if name == "-"])


def shown(span: Span) -> str:
    names = "".join(sorted(chr(one.int) for one in span.item_ids))
    return f"{span.starts_at:%H.%M} - {span.ends_at:%H.%M}  {names}"


def told(before: str, after: str) -> str:
    old = {UUID(int=n): span for n, span in enumerate(entries(before), 1)}
    changes = match_spans(old, entries(after))
    lines = [f"agenda before: {before}", f"agenda after:  {after}", "", "had in the calendar:"]
    lines += [f"  entry {key.int}: {shown(span)}" for key, span in old.items()]
    lines += ["", "gets:"]
    mails = [(key.int, f"update of entry {key.int}: {shown(span)}") for key, span in changes.moved]
    mails += [
        (key.int, f"withdrawal of entry {key.int}: {shown(old[key])}") for key in changes.ended
    ]
    mails += [(99, f"a new entry: {shown(span)}") for span in changes.created]
    lines += [f"  {line}" for _, line in sorted(mails)] or ["  nothing"]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", STORIES)
def test_the_story_is_that_of_the_golden_file(name):
    file = GOLDEN / f"{name.replace(' ', '-')}.txt"
    assert told(*STORIES[name]) == file.read_text(encoding="utf-8")
