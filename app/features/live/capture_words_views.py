"""How a captured line is read back and asked about; it names nobody whom the page does not show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.capture import Candidate, Captured, LineKind, Question
from app.features.live.capturing import Asked, ReadAs
from app.web import formats
from app.web.i18n import language

QUESTIONS: Final[dict[Question | Asked, Any]] = {
    Question.TEXT_MISSING: _l("Typ wat er is afgesproken."),
    Question.KIND_UNKNOWN: _l(
        "Dit teken ken ik niet. Gebruik /b, /a, /n of /m, of zet er een \\ voor."
    ),
    Question.OWNER_MISSING: _l("Wie is het? Typ @ met de organisatie of de persoon."),
    Question.OWNER_AMBIGUOUS: _l("Er zijn meer deelnemers die u kunt bedoelen. Wie is het?"),
    Question.OWNER_UNKNOWN: _l("Bij deze casus zit niemand die zo heet. Wie is het?"),
    Question.ONE_OWNER: _l("Hier kan één deelnemer staan. Wie is het?"),
    Question.DATE_PAST: _l("Deze datum is voorbij. Welke dag bedoelt u?"),
    Question.DATE_IMPOSSIBLE: _l("Deze datum bestaat niet. Welke dag bedoelt u?"),
    Question.NO_NEXT_MEETING: _l("Er is nog geen volgend overleg gepland. Welke dag bedoelt u?"),
    Question.ONE_DATE: _l("Er staan twee datums. Welke dag bedoelt u?"),
    Question.ORAL_WITH_TEXT: _l(
        "Wat mondeling is toegelicht, wordt niet vastgelegd. Haal de tekst weg: alleen wie iets "
        "toelichtte, blijft bewaard."
    ),
    Asked.NOBODY_THERE: _l(
        "Er is nog niemand als aanwezig genoteerd. Noteer de presentie, of kies voor wie dit is."
    ),
    Asked.SAFE_MISSING: _l(
        "Zonder de namen blijft er niets over. Schrijf een neutrale tekst voor mails en "
        "overzichten."
    ),
    Asked.SAFE_TELLS: _l(
        "In de neutrale tekst staat nog iets uit de casus. Schrijf hem zonder namen en "
        "bijzonderheden."
    ),
    Asked.SAFE_TOO_LONG: _l("De neutrale tekst is te lang."),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A line read back: what it becomes and for whom, the date if it has one."""

    what: str
    day: str = ""
    is_usual_day: bool = False


def read_back(read_as: ReadAs) -> Said:
    """In the words of the reader's language."""
    found = read_as.captured
    if found.kind is LineKind.ACTION:
        day = _until(found.due_on, found.due_at) if found.due_on else ""
        what = _("actie voor %(who)s", who=_who(found)) if found.owners else _("actie")
        return Said(what, day, found.due_is_usual)
    if found.kind is LineKind.ORAL_MARK:
        return Said(_("%(who)s gaf mondeling toelichting, niet vastgelegd", who=_who(found) or "…"))
    if found.kind is LineKind.NOTE:
        return Said(_note(found))
    if found.owners:
        return Said(_("afspraak voor %(who)s", who=_who(found)))
    return Said(_("afspraak voor wie aanwezig is"))


def _note(found: Captured) -> str:
    if found.owners:
        who = _who(found)
        return str(_("notitie voor voorzitter en procesregisseur, en voor %(who)s", who=who))
    return str(_("notitie voor voorzitter en procesregisseur"))


def _who(found: Captured) -> str:
    return ", ".join(name_of(one) for one in found.owners)


def name_of(one: Candidate) -> str:
    """A seat as people call it: the person with the code, else the organisation."""
    return f"{one.person} ({one.code})" if one.person else one.organisation


def questions_of(read_as: ReadAs) -> tuple[str, ...]:
    """Everything that is asked, as sentences."""
    return tuple(str(QUESTIONS[one]) for one in read_as.asked)


def saved(read_as: ReadAs) -> str:
    """What was saved, without a word of what was typed."""
    found = read_as.captured
    if found.kind is LineKind.ACTION and found.due_on is not None:
        day = _until(found.due_on, found.due_at)
        return str(_("Vastgelegd: actie, uiterlijk %(day)s.", day=day))
    return str(_SAVED[found.kind])


def _until(due_on: date, due_at: datetime | None) -> str:
    """The day an action is due, with the hour where it has one."""
    day = formats.weekday_short(due_on, language())
    return f"{day}, {formats.clock(due_at, language())}" if due_at else day


_SAVED: Final[dict[LineKind, Any]] = {
    LineKind.DECISION: _l("Vastgelegd: afspraak."),
    LineKind.ACTION: _l("Vastgelegd: actie."),
    LineKind.NOTE: _l("Vastgelegd: notitie."),
    LineKind.ORAL_MARK: _l("Vastgelegd: mondeling toegelicht."),
}
