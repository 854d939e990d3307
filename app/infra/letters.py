"""Writes mails from templates/mail in the recipient's language and hands them to the post.

Values given to a template must be neutral: times, places of meetings and addresses behind sign-in,
never a case reference, a text of a case or the name of anybody but the recipient.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from babel.dates import format_date
from babel.support import Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.domain.local_time import start_of_day, to_local
from app.infra import mail, outbox, reply_address
from app.infra.letter_parts import Neutral, Part, parts_of
from config import ROOT, Settings

TEMPLATES = ROOT / "templates" / "mail"
CATALOGUES = ROOT / "app" / "translations"
SENDER_NAME = "Casustafel"
NOTHING = "–"
# A mail with more answers is not read.
MOST_ANSWERS: Final = 10


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail as written: neutral words only."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Whom a mail goes to, and the language that person reads ("nl" or "en")."""

    email: str
    name: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPart:
    """The calendar object that travels with a mail; ``method`` is REQUEST or CANCEL.

    ``sender`` and ``organiser`` are those of its entry: an answer goes to the organiser.
    """

    ics: bytes
    method: str
    sender: str
    organiser: str


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a mail is about; the words of these cases may not stand in it."""

    meeting_id: uuid.UUID | None = None
    series_id: uuid.UUID | None = None
    case_ids: frozenset[uuid.UUID] = frozenset()


# Looks at a mail of some kind before it leaves, and raises `mail.DeliveryFailed` to stop it.
Gate = Callable[[str, About, Iterable[Part]], None]


class _Office:
    """The sender of this process; a mail before there is one is a mistake in set-up."""

    settings: Settings | None = None
    gate: Gate | None = None


def set_up(settings: Settings) -> None:
    """Choose how mail leaves this process: to SMTP, or to the mail folder where there is none."""
    _Office.settings = settings
    reply_address.set_up(settings)
    folder = settings.mail_folder or settings.instance / "mail"
    mail.use(mail.transport_of(settings) or mail.FileTransport(folder))


def set_gate(gate: Gate) -> None:
    """Have every mail about a meeting or a case looked at by ``gate`` before it leaves."""
    _Office.gate = gate


def sender() -> str:
    """The address mail comes from; an invitation may come from the reply address of its entry."""
    return _settings().mail_from


def address_of(path: str) -> str:
    """The full address of a page behind sign-in."""
    return f"{_settings().base_url}{path}"


def own_actions(due: Sequence[tuple[uuid.UUID, date]]) -> dict[str, Any]:
    """Values for a mail about somebody's own actions, each with its last day.

    ``url`` leads to the one, or to the list; ``answers`` to each of the first ``MOST_ANSWERS``.
    """
    pages = [(address_of(f"/my-actions/{one}"), start_of_day(day)) for one, day in due]
    return {
        "url": pages[0][0] if len(pages) == 1 else address_of("/my-actions"),
        "answers": pages[:MOST_ANSWERS],
    }


def message_id(*parts: object) -> str:
    """The same parts give the same Message-ID, so that a new try repeats it (RFC 5322 3.6.4).

    Parts are random ids and plain words.
    """
    return f"<{'.'.join(str(part) for part in parts)}@{sender().rpartition('@')[2]}>"


def write(event: str, language: str, values: Mapping[str, Any]) -> Letter:
    """Fill ``templates/mail/<event>/{subject.txt,body.txt,body.html}``."""
    plain, markup = _environment(language, html=False), _environment(language, html=True)
    return Letter(
        subject=" ".join(plain.get_template(f"{event}/subject.txt").render(values).split()),
        text=plain.get_template(f"{event}/body.txt").render(values),
        html=markup.get_template(f"{event}/body.html").render(values),
    )


def line(event: str, language: str, values: Mapping[str, Any]) -> str:
    """Fill ``templates/mail/<event>/calendar.txt``: the words inside a calendar entry."""
    template = _environment(language, html=False).get_template(f"{event}/calendar.txt")
    return template.render(values).strip()


def send(
    event: str,
    recipient: Recipient,
    *,
    identifier: str,
    values: Mapping[str, Any],
    about: About | None,
    calendar: CalendarPart | None = None,
) -> None:
    """Write a mail and hand it over under its Message-ID. Raises `mail.DeliveryFailed`.

    ``about`` is None only for mail that has nothing to do with any case: about accounts.
    """
    letter = write(event, recipient.language, values)
    outgoing = mail.OutgoingMail(
        to=recipient.email,
        to_name=recipient.name,
        sender=calendar.sender if calendar else sender(),
        sender_name=SENDER_NAME,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        message_id=identifier,
        reply_to=_reply_to(calendar),
        ics=calendar.ics if calendar else None,
        ics_method=calendar.method if calendar else None,
    )
    if about is not None:
        _pass_gate(event, recipient, outgoing, about=about, values=values, calendar=calendar)
    outbox.keep_lease()
    mail.send(outgoing)


def _pass_gate(
    event: str,
    recipient: Recipient,
    outgoing: mail.OutgoingMail,
    *,
    about: About,
    values: Mapping[str, Any],
    calendar: CalendarPart | None,
) -> None:
    if _Office.gate is None:
        message = "nobody looks at mail: call letters.set_gate() first"
        raise RuntimeError(message)
    # What staff typed is looked at by itself first: that is what they can change.
    typed = [Part("place", str(values["place"]), "")] if "place" in values else []
    twin = write(event, recipient.language, _neutral(values, recipient))
    known = (SENDER_NAME, sender(), recipient.name, recipient.email)
    secret = (calendar.sender, calendar.organiser) if calendar else ()
    neutral = Neutral(
        subject=twin.subject,
        text=twin.text,
        html=twin.html,
        calendar=_calendar_words(recipient.language),
        addresses=" ".join((*known, *secret, outgoing.message_id.rpartition("@")[2])),
    )
    _Office.gate(event, about, (*typed, *parts_of(outgoing, neutral)))


@cache
def _calendar_words(language: str) -> str:
    """What the product itself says inside calendar entries."""
    events = sorted(file.parent.name for file in TEMPLATES.glob("*/calendar.txt"))
    return " ".join(line(event, language, {"url": NOTHING}) for event in events)


def _neutral(values: Mapping[str, Any], recipient: Recipient) -> dict[str, Any]:
    """The values without any words but the recipient's own name; moments and counts stay."""
    return {
        key: NOTHING if isinstance(value, str) and value != recipient.name else value
        for key, value in values.items()
    }


def _reply_to(calendar: CalendarPart | None) -> str | None:
    """Words typed back go where the calendar's own answer goes."""
    if calendar is None or calendar.organiser == calendar.sender:
        return None
    return calendar.organiser


def _settings() -> Settings:
    if _Office.settings is None:
        message = "no sender: call letters.set_up() first"
        raise RuntimeError(message)
    return _Office.settings


@cache
def _environment(language: str, *, html: bool) -> Environment:
    """One environment per language and kind: a plain text has nothing to escape."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=html,  # noqa: S701 - the plain text of a mail is not HTML
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=["jinja2.ext.i18n"],
    )
    catalogue = Translations.load(str(CATALOGUES), [language])
    environment.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]  # of the extension
    environment.globals["language"] = language
    environment.filters["day"] = lambda moment: _day(moment, language)
    environment.filters["clock"] = lambda moment: _clock(moment, language)
    return environment


def _day(moment: datetime, language: str) -> str:
    local: date = to_local(moment).date()
    return format_date(local, "EEEE d MMMM y", locale=language)


def _clock(moment: datetime, language: str) -> str:
    return to_local(moment).strftime("%H:%M" if language == "en" else "%H.%M")
