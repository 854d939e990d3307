"""Words of the answer to an access request, in the language of who asked; only what it holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask_babel import force_locale
from flask_babel import gettext as _

from app.access.lifecycle.shared_with import Shared
from app.domain.kinds import AnswerKind, RedactionGround
from app.features.access_requests.packing import Pack, PackPart
from app.infra.pdf import Block, Document, Facts, Heading, Quoted, Rows, Words
from app.web import formats, labels
from app.web.i18n import language

NEVER_GIVEN = (AnswerKind.REFUSED, AnswerKind.NEITHER)


def document_of(pack: Pack) -> Document:
    """The answer on paper; where nothing may be said it is the same whatever there is.

    In the language chosen when the request came in, whoever takes it along.
    """
    with force_locale(pack.language):
        title = _("Antwoord op uw verzoek om inzage")
        return Document(title, language(), f"Casustafel · {pack.table}", list(_blocks(pack)))


def _blocks(pack: Pack) -> Iterator[Block]:
    yield Facts((_("Gegeven"), _("Waarde")), tuple(_facts(pack)))
    if pack.answer in NEVER_GIVEN:
        yield Words(_not_given(pack.answer))
    else:
        yield from _given(pack)
    yield Heading(_("Niet eens met dit antwoord?"))
    yield Words(
        _(
            "U kunt bezwaar maken of een klacht indienen bij het overleg dat dit antwoord gaf, "
            "en bij de Autoriteit Persoonsgegevens. U kunt ook vragen om iets te verbeteren of "
            "om een eigen verklaring toe te voegen."
        )
    )


def _facts(pack: Pack) -> Iterator[tuple[str, str]]:
    yield _("Overleg"), pack.table
    yield _("Volgens"), labels.words(labels.REGIME, pack.regime)
    yield _("Verzoek ontvangen"), formats.date_short(pack.received_on, language())
    yield _("Antwoord gegeven"), formats.date_short(pack.answered_on, language())


def _not_given(answer: AnswerKind) -> str:
    if answer is AnswerKind.REFUSED:
        return str(
            _(
                "U krijgt geen inzage. De wet staat toe dat inzage wordt geweigerd als dat nodig "
                "is voor de veiligheid of de rechten van een ander, of voor de opsporing of "
                "vervolging van strafbare feiten."
            )
        )
    return str(
        _(
            "Wij kunnen niet bevestigen en niet ontkennen dat over u gegevens zijn vastgelegd. "
            "Dit antwoord is voor iedereen hetzelfde: ook wie niet voorkomt in onze gegevens, kan "
            "het krijgen."
        )
    )


def _given(pack: Pack) -> Iterator[Block]:
    yield Words(
        _(
            "Hieronder staat wat bij dit overleg over u is vastgelegd, van wie het komt en met wie "
            "het is gedeeld. Gegevens over anderen en gegevens waarvan het geven de veiligheid in "
            "gevaar brengt, zijn weggelaten."
        )
    )
    yield Heading(_("Uw persoonsgegevens"))
    if pack.is_for_review:
        yield Words(_("Komen in het antwoord zelf. Bij de toetsing blijven ze afgeschermd."))
    for text in pack.identity:
        yield Quoted(text)
    if pack.identity:
        yield from _sharing(pack.identity_shared)
    for part in pack.parts:
        yield from _part(part)
    if pack.grounds:
        yield Heading(_("Waarom iets is weggelaten"))
        for ground in pack.grounds:
            yield Words(f"[{labels.words(labels.REDACTION_GROUND, ground)}] {_why(ground)}")


def _why(ground: RedactionGround) -> str:
    reasons = {
        RedactionGround.OTHER_PERSON: _("Het gaat over een ander, die eigen rechten heeft."),
        RedactionGround.SAFETY: _("Het geven ervan kan de veiligheid van een ander schaden."),
        RedactionGround.INVESTIGATION: _("Het kan opsporing of vervolging schaden."),
        RedactionGround.SECRECY: _("Een hulpverlener is aan een beroepsgeheim gebonden."),
    }
    return str(reasons[ground])


def _part(part: PackPart) -> Iterator[Block]:
    label = part.label_en if language() == "en" else part.label_nl
    day = formats.date_short(part.at, language())
    yield Heading(" · ".join(one for one in (label, part.source, day) if one))
    yield Quoted(
        "\n".join(
            f"[{labels.words(labels.REDACTION_GROUND, one)}]"
            if isinstance(one, RedactionGround)
            else one
            for one in part.pieces
        )
    )
    yield from _sharing(part.shared)


def _sharing(shared: Sequence[Shared]) -> Iterator[Block]:
    if not shared:
        yield Words(_("Met niemand buiten de leiding van het overleg gedeeld."))
        return
    yield Rows(
        (_("Gedeeld met"), _("Wanneer"), _("Grondslag"), _("Doel")),
        tuple(
            (
                one.organisation,
                _when(one),
                one.ground or labels.words(labels.SHARED_WAY, one.way),
                one.purpose or "–",
            )
            for one in shared
        ),
        widths=(6, 4, 5, 6),
    )


def _when(one: Shared) -> str:
    """One day, two days, or since when."""
    since = formats.date_short(one.from_at, language())
    if one.until_at is None:
        return str(_("vanaf %(day)s", day=since))
    until = formats.date_short(one.until_at, language())
    return since if until == since else str(_("%(since)s tot %(until)s", since=since, until=until))
