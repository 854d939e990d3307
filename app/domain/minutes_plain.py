"""An extract of the minutes as plain text to take along; it must never depend on who runs it.

What somebody downloaded is compared years later with what is kept, so its words and order are part
of format 1: changing one here means that files people hold no longer read as unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from app.domain.kinds import DecisionKind, FamilyPart, FamilyRole
from app.domain.local_time import to_local
from app.domain.minutes_text import ActionLine, DecisionLine, ItemPart

_MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)

_WORDS: Final[dict[str, dict[str, str]]] = {
    "nl": {
        "only": "Dit overzicht bevat alleen wat voor u bestemd is.",
        "concept": "Concept: het verslag is nog niet vastgesteld.",
        "adopted": "Vastgesteld op {0}.",
        "question": "Vraag aan het overleg: {0}",
        "present": "Aanwezig: {0}",
        "family": "Gezin: {0}",
        "telephone": "telefonisch",
        "oral": "{0} heeft mondeling toegelicht, niet vastgelegd.",
        "note": "- Notitie: {0}",
        "taken_by": "  Genomen door {0}",
        "rests_on": "  Rust op de mondelinge toelichting van {0}",
        "dissent": "  Afwijkend standpunt: {0}",
        "dissent_by": "  Afwijkend standpunt van {1}: {0}",
        "action": "- Actie: {0} (uiterlijk {1})",
        "held_action": "- Actie: {0} ({2}, uiterlijk {1})",
        "addition": "- Aanvulling van {1}: {0}",
        "version": "Versie {0}, vastgelegd op {1}",
        DecisionKind.AGREEMENT: "- Afspraak: {0}",
        DecisionKind.SAFETY_AGREEMENT: "- Veiligheidsafspraak: {0}",
        DecisionKind.ADVICE: "- Advies: {0}",
        DecisionKind.BY_PROSECUTOR: "- Besluit van de officier van justitie: {0}",
        DecisionKind.BY_MAYOR: "- Besluit van de burgemeester: {0}",
    },
    "en": {
        "only": "This overview contains only what is meant for you.",
        "concept": "Draft: the minutes have not been adopted yet.",
        "adopted": "Adopted on {0}.",
        "question": "Question to the meeting: {0}",
        "present": "Present: {0}",
        "family": "Family: {0}",
        "telephone": "by telephone",
        "oral": "{0} explained orally, not recorded.",
        "note": "- Note: {0}",
        "taken_by": "  Taken by {0}",
        "rests_on": "  Rests on the oral explanation of {0}",
        "dissent": "  Dissenting view: {0}",
        "dissent_by": "  Dissenting view of {1}: {0}",
        "action": "- Action: {0} (by {1})",
        "held_action": "- Action: {0} ({2}, by {1})",
        "addition": "- Addition of {1}: {0}",
        "version": "Version {0}, fixed on {1}",
        DecisionKind.AGREEMENT: "- Agreement: {0}",
        DecisionKind.SAFETY_AGREEMENT: "- Safety agreement: {0}",
        DecisionKind.ADVICE: "- Advice: {0}",
        DecisionKind.BY_PROSECUTOR: "- Decision of the public prosecutor: {0}",
        DecisionKind.BY_MAYOR: "- Decision of the mayor: {0}",
    },
}
# Apart: a role or a part may read like one of the words above.
_FAMILY: Final[dict[str, dict[str, str]]] = {
    "nl": {
        FamilyRole.PARENT: "ouder",
        FamilyRole.CHILD: "kind",
        FamilyRole.RELATIVE: "familielid",
        FamilyRole.SUPPORT: "steunpersoon",
        FamilyPart.PRESENT: "aanwezig",
        FamilyPart.HEARD_BEFORE: "vooraf gehoord",
        FamilyPart.STAYED_AWAY: "niet gekomen",
        FamilyPart.NOT_INVITED: "niet uitgenodigd",
    },
    "en": {
        FamilyRole.PARENT: "parent",
        FamilyRole.CHILD: "child",
        FamilyRole.RELATIVE: "relative",
        FamilyRole.SUPPORT: "support person",
        FamilyPart.PRESENT: "present",
        FamilyPart.HEARD_BEFORE: "heard beforehand",
        FamilyPart.STAYED_AWAY: "stayed away",
        FamilyPart.NOT_INVITED: "not invited",
    },
}
LANGUAGES: Final = tuple(_WORDS)

_SHA = re.compile(r"SHA-256: ([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Kept:
    """The version a text shows, when it was fixed, and the SHA-256 of its canonical text."""

    version: int
    made_at: datetime
    sha256: str


def plain_text(
    items: Sequence[ItemPart],
    *,
    table: str,
    starts_at: datetime,
    kept: Kept | None,
    language: str,
) -> str:
    """The whole extract; lines end as the systems of the partners expect."""
    say = _WORDS[language]
    lines = [f"{table}, {_day(starts_at, language)}", say["only"]]
    for item in items:
        lines += ["", item.reference, *_item(item, say, language)]
    if kept is not None:
        made = _day(kept.made_at, language)
        lines += ["", say["version"].format(kept.version, made), f"SHA-256: {kept.sha256}"]
    whole = "\n".join(lines)
    return "\r\n".join(line.rstrip() for line in whole.splitlines()) + "\r\n"


def sha256_in(text: str) -> str | None:
    """The SHA-256 that a downloaded text names on its last line but those that are empty."""
    lines = [line for line in text.splitlines() if line.strip()]
    found = _SHA.fullmatch(lines[-1].strip()) if lines else None
    return found[1] if found else None


def reads_the_same(one: str, other: str) -> bool:
    """Whether two texts differ in nothing but how their lines end: mail and editors change that."""
    return _lines(one) == _lines(other)


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.removeprefix("\ufeff").strip().splitlines()]


def _item(item: ItemPart, say: dict[str, str], language: str) -> Iterator[str]:
    if item.adopted_at is None:
        yield say["concept"]
    else:
        yield say["adopted"].format(_day(item.adopted_at, language))
    if item.question:
        yield say["question"].format(item.question)
    if item.present:
        there = "; ".join(
            f"{one.organisation} ({one.name or say['telephone']})" for one in item.present
        )
        yield say["present"].format(there)
    if item.family:
        name = _FAMILY[language]
        took = (f"{one.number} {name[one.role]} {name[one.part]}" for one in item.family)
        yield say["family"].format("; ".join(took))
    for mark in item.oral:
        yield say["oral"].format(mark.organisation)
    for decision in item.decisions:
        yield from _decision(decision, say)
    for action in item.actions:
        words = say["held_action" if action.holder else "action"]
        yield words.format(action.text, _until(action, language), action.holder)
    for note in item.notes:
        yield say["note"].format(note.text)
    for added in item.additions:
        yield say["addition"].format(added.text, _day(added.at, language))


def _decision(one: DecisionLine, say: dict[str, str]) -> Iterator[str]:
    yield say[one.kind].format(one.text)
    if one.taken_by:
        yield say["taken_by"].format(one.taken_by)
    if one.rests_on:
        yield say["rests_on"].format(one.rests_on)
    if one.dissent:
        yield say["dissent_by" if one.dissent_by else "dissent"].format(one.dissent, one.dissent_by)


def _until(action: ActionLine, language: str) -> str:
    day = _day(action.due_on, language)
    if action.due_at is None:
        return day
    colon = ":" if language == "en" else "."
    return f"{day}, {to_local(action.due_at):%H{colon}%M}"


def _day(moment: date | datetime, language: str) -> str:
    day = to_local(moment).date() if isinstance(moment, datetime) else moment
    if language == "en":
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"{day:%d-%m-%Y}"
