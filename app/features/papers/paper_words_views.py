"""Words of a numbered copy on paper, in the language of who reads it; only what its seat sees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask_babel import force_locale
from flask_babel import gettext as _

from app.access.opened import ItemText, OpenedMeeting, SectionText
from app.features.papers.extract_words_views import document_of
from app.features.papers.making import NumberedExtract, Printed, PrintedPapers
from app.infra import clock, pdf
from app.infra.pdf import Block, Document, Heading, Points, Quoted, Words
from app.web import formats
from app.web.i18n import in_language


def words_of(printed: Printed) -> str:
    """What stands on one copy, to be sealed until it is printed."""
    mark = f"{printed.organisation} · {printed.number}"
    if isinstance(printed, NumberedExtract):
        with force_locale(printed.extract.language):
            number = _number(printed.number)
        return pdf.as_text(document_of(printed.extract, number=number, watermark=mark))
    with force_locale(printed.language):
        return pdf.as_text(_papers(printed, mark))


def stack_of(sheets: Sequence[str], language: str) -> bytes:
    """All copies of a run behind each other, each beginning on a sheet of its own."""
    with force_locale(language):
        return pdf.render_stack(str(_("Papieren")), language, sheets)


def _number(number: int) -> str:
    return str(_("exemplaar %(number)d", number=number))


def _papers(printed: PrintedPapers, mark: str) -> Document:
    made = _("gemaakt op %(moment)s", moment=formats.stamp(clock.now(), printed.language))
    who = _("Vertrouwelijk, voor %(who)s", who=printed.recipient)
    return Document(
        str(_("Stukken voor het overleg")),
        printed.language,
        f"{who} · {_number(printed.number)} · {made}",
        list(_blocks(printed.content, printed.language)),
        watermark=mark,
    )


def _blocks(content: OpenedMeeting, language: str) -> Iterator[Block]:
    frame = content.frame
    yield Words(f"{frame.table_name}, {formats.date_long(frame.starts_at, language)}")
    yield Words(str(_("Dit overzicht bevat alleen wat voor u bestemd is.")))
    yield Words(in_language(frame.confidentiality_nl, frame.confidentiality_en))
    yield Words(str(_("Lever dit exemplaar na afloop in bij de voorzitter.")))
    starts = {slot.item_id: slot.starts_at for slot in frame.slots}
    for item in content.items:
        at = formats.clock(starts[item.item_id], language)
        yield Heading(f"{item.reference}, {at}")
        yield from _item(item, language)
    if content.own_input:
        yield Heading(str(_("Wat uw organisatie inbracht")))
        for section in content.own_input:
            yield from _section(section, language)


def _item(item: ItemText, language: str) -> Iterator[Block]:
    if item.question:
        yield Heading(str(_("Vraag aan het overleg")), 3)
        yield Quoted(item.question)
    for section in item.sections:
        yield from _section(section, language)
    yield Heading(str(_("Aan tafel bij deze bespreking")), 3)
    yield Points(tuple(f"{one.name}, {one.organisation}" for one in item.participants))


def _section(section: SectionText, language: str) -> Iterator[Block]:
    yield Heading(in_language(section.label_nl, section.label_en), 3)
    yield Quoted(section.text)
    if section.no_passing_on:
        yield Words(str(_("Niet verder verstrekken.")))
    if section.source:
        day = formats.date_short(section.updated_at, language)
        yield Words(str(_("Bron: %(source)s, bijgewerkt %(day)s", source=section.source, day=day)))
