"""Words of an extract on paper, in the language of who reads it; only what the page shows too."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import force_locale
from flask_babel import gettext as _

from app.domain.minutes_plain import Kept
from app.domain.minutes_text import ActionLine, DecisionLine, ItemPart
from app.features.papers.extracts import PrintedExtract
from app.infra.pdf import Block, Document, Heading, Points, Proof, Quoted, Rows, Words
from app.infra.pdf_seal import PLACE
from app.web import formats, labels


def document_of(given: PrintedExtract, *, number: str = "", watermark: str = "") -> Document:
    """The extract as a document; ``number`` is that of a copy on paper."""
    with force_locale(given.language):
        page = given.page
        title = _("Uw deel van het verslag") if page.adopted else _("Uw afspraken en acties")
        return Document(
            str(title),
            given.language,
            foot_of(given, number),
            list(_blocks(given, place="" if number else f", {PLACE}")),
            watermark=watermark or (str(_("Voorbeeld")) if given.is_preview else ""),
            kept_on=given.adopted_on,
        )


def foot_of(given: PrintedExtract, number: str = "") -> str:
    """For whom it is and when it was made, as it stands under every page."""
    made = _("gemaakt op %(moment)s", moment=formats.stamp(given.made_at, given.language))
    parts = [_("Vertrouwelijk, voor %(who)s", who=given.recipient), number, made]
    return " · ".join(str(part) for part in parts if part)


def _blocks(given: PrintedExtract, *, place: str) -> Iterator[Block]:
    """``place`` is that of the seal, which a copy on paper has no use for."""
    page, language = given.page, given.language
    yield Words(f"{page.table_name}, {formats.date_long(page.starts_at, language)}")
    yield Words(str(_("Dit overzicht bevat alleen wat voor u bestemd is.")))
    for item in page.items:
        yield from _item(item, language, is_preview=given.is_preview)
    if page.kept is not None:
        yield from _proof(page.kept, language, place)


def _item(item: ItemPart, language: str, *, is_preview: bool) -> Iterator[Block]:
    yield Heading(f"{item.reference}, {formats.clock(item.starts_at, language)}")
    if item.adopted_at is not None:
        day = formats.date_plain(item.adopted_at, language)
        yield Words(str(_("Vastgesteld op %(day)s.", day=day)))
    elif not is_preview:
        yield Words(str(_("Concept: het verslag is nog niet vastgesteld.")))
    if item.question:
        yield Heading(str(_("Vraag aan het overleg")), 3)
        yield Quoted(item.question)
    if item.present:
        yield Heading(str(_("Aanwezig")), 3)
        yield Points(
            tuple(f"{one.organisation}, {one.name or _('telefonisch')}" for one in item.present)
        )
    if item.family:
        yield Heading(str(_("Gezin bij de bespreking")), 3)
        yield Points(tuple(labels.family_words(one) for one in item.family))
    yield Heading(str(_("Afspraken")), 3)
    if item.decisions:
        yield Points(tuple("\n".join(_decision(one)) for one in item.decisions))
    else:
        yield Words(str(_("Geen afspraken voor u.")))
    yield Heading(str(_("Acties van uw organisatie")), 3)
    if item.actions:
        yield _actions(item.actions, language)
    else:
        yield Words(str(_("Geen acties.")))
    yield from _beside(item, language)


def _beside(item: ItemPart, language: str) -> Iterator[Block]:
    """What came beside agreements and actions, and what was added once adopted."""
    if item.oral:
        yield Points(tuple(_oral(one.organisation) for one in item.oral))
    if item.notes:
        yield Heading(str(_("Notities voor u")), 3)
        yield Points(tuple(one.text for one in item.notes))
    if item.additions:
        yield Heading(str(_("Aanvullingen na het vaststellen")), 3)
    for added in item.additions:
        yield Quoted(f"{added.text}\n{formats.stamp(added.at, language)}")


def _oral(organisation: str) -> str:
    return str(_("%(who)s heeft mondeling toegelicht, niet vastgelegd.", who=organisation))


def _decision(one: DecisionLine) -> Iterator[str]:
    yield f"{labels.words(labels.DECISION_KIND, one.kind)}: {one.text}"
    if one.taken_by:
        yield str(_("Genomen door %(who)s", who=one.taken_by))
    if one.rests_on:
        yield str(_("Rust op de mondelinge toelichting van %(who)s", who=one.rests_on))
    if one.dissent and one.dissent_by:
        yield f"{_('Afwijkend standpunt van %(who)s', who=one.dissent_by)}: {one.dissent}"
    elif one.dissent:
        yield f"{_('Afwijkend standpunt')}: {one.dissent}"


def _proof(kept: Kept, language: str, place: str) -> Iterator[Block]:
    """The version and its SHA-256, by which `minutes verify` looks the file up."""
    groups = [kept.sha256[start : start + 8] for start in range(0, len(kept.sha256), 8)]
    made = formats.stamp(kept.made_at, language)
    yield Heading(str(_("Versie %(number)s van %(moment)s", number=kept.version, moment=made)))
    printed = f"SHA-256: {' '.join(groups[:4])}\n{' '.join(groups[4:])}"
    yield Proof(printed, f"SHA-256: {kept.sha256}{place}")


def _actions(actions: tuple[ActionLine, ...], language: str) -> Rows:
    headings = (_("Actie"), _("Actiehouder"), _("Uiterlijk"), _("Stand"))
    return Rows(
        tuple(str(one) for one in headings),
        tuple(
            (
                one.text,
                one.holder or "–",
                formats.stamp(one.due_at, language)
                if one.due_at
                else formats.date_short(one.due_on, language),
                labels.words(labels.ACTION_STATE, one.state),
            )
            for one in actions
        ),
        widths=(6, 4, 3, 3),
    )
