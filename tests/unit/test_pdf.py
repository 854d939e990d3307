"""Documents on paper: nothing typed is read as markup, and the file tells nothing of its making."""

import re
from dataclasses import replace
from datetime import date

from app.domain import charts
from app.infra import crypto, pdf, pdf_seal
from tests.documents import facts_of, pages_of, words_of

DOCUMENT = pdf.Document(
    "Verklaring",
    "nl",
    "Casustafel",
    [
        pdf.Heading("Wat is vernietigd"),
        pdf.Words("#panic() *niet vet* $x$ @noot"),
        pdf.Facts(("Wat", "Aantal"), (("Casussen", "3"),)),
        pdf.Quoted("Eerste regel\nTweede regel"),
        pdf.Points(("Een punt", "Nog een punt")),
    ],
)
KEPT = replace(DOCUMENT, kept_on=date(2026, 12, 3))
LONG = "Kinderbeschermingsmaatregelbeoordelingscommissievergadering"


def test_words_stand_in_the_document_as_they_were_typed():
    words = words_of(pdf.render(DOCUMENT))
    for expected in ("#panic() *niet vet* $x$ @noot", "Casussen 3", "Eerste regel Tweede regel"):
        assert expected in words
    assert words.endswith("Casustafel pagina 1 van 1")


def test_the_file_is_tagged_and_says_nothing_of_when_and_where():
    made = pdf.render(DOCUMENT)
    assert b"/StructTreeRoot" in made
    assert b"/Lang" in made
    for telling in (b"/CreationDate", b"/ModDate", b"/Author", b"CreateDate"):
        assert telling not in made
    assert pdf.render(DOCUMENT) == made


def test_what_is_to_be_kept_says_of_itself_its_title_language_and_day():
    made = pdf.render(KEPT)
    assert b"<pdfuaid:part>1<" in made
    assert b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A<" in made
    assert b"<dc:language><rdf:Bag><rdf:li>nl<" in made
    told = facts_of(made)
    assert told.pop("Tagged") == "yes"
    assert {name: told[name] for name in ("Title", "CreationDate", "ModDate")} == {
        "Title": "Verklaring",
        "CreationDate": "Thu Dec 3 00:00:00 2026 UTC",
        "ModDate": "Thu Dec 3 00:00:00 2026 UTC",
    }
    # The program that set it, and what pdfinfo reads off the pages themselves.
    assert told["Creator"].startswith("Typst ")
    assert not told.keys() & {"Author", "Producer", "Subject", "Keywords"}


def test_a_chart_is_drawn_and_told_to_who_does_not_see_it():
    amounts = [charts.Amount("Politie", "12", 12), charts.Amount("Gemeente", "< 5", None)]
    made = charts.bars(charts.Plan("present", "Aanwezig", ("Organisatie", "Aantal")), amounts)
    document = pdf.render(replace(DOCUMENT, blocks=[pdf.Drawn(made)]))
    assert "Politie 12 Gemeente <" in words_of(document)
    assert b"/Alt(Aanwezig. Politie: 12; Gemeente: < 5)" in document
    over = [charts.Amount("K1\n2026", "12", 12), charts.Amount("K2\n2026", "–", None)]
    one = charts.columns(charts.Plan("k", "K", ("K", "N")), over)
    assert one.table.rows[0][1] in words_of(pdf.render(replace(DOCUMENT, blocks=[pdf.Drawn(one)])))


def test_a_sign_no_font_has_keeps_no_document_away():
    typed = "Zoë Łukasz Москва \U0001f600 漢字 \ua9c0 €"
    words = words_of(pdf.render(replace(KEPT, blocks=[pdf.Words(typed)])))
    assert "Zoë Łukasz Москва" in words
    assert "\ufffd \ufffd\ufffd \ufffd €" in words


def test_a_sealed_document_tells_of_a_changed_byte(tmp_path):
    assert pdf_seal.is_unchanged(pdf.render(KEPT)) is None
    proof = pdf.Proof("SHA-256: 1234", f"SHA-256: 1234, {pdf_seal.PLACE}")
    crypto.write_key_file(tmp_path / "key")
    store = crypto._store
    try:
        crypto._store = crypto.KeyStore("sqlite://", tmp_path / "key")
        made = pdf_seal.sealed(pdf.render(replace(KEPT, blocks=[proof])))
        assert pdf_seal.is_unchanged(made)
        assert words_of(made).startswith("Verklaring SHA-256: 1234 Casustafel")
        at = made.index(b"Figure")
        other = made[:at] + b"f" + made[at + 1 :]
        assert pdf_seal.is_unchanged(other) is False
        crypto.store().engine.dispose()
        crypto._store = None
        (tmp_path / "key").unlink()
        crypto.write_key_file(tmp_path / "key")
        crypto._store = crypto.KeyStore("sqlite://", tmp_path / "key")
        assert pdf_seal.is_unchanged(made) is False, "sealed by another installation"
        crypto.store().engine.dispose()
    finally:
        crypto._store = store


def test_every_word_stays_on_the_page():
    code = "x" * 130
    narrow = pdf.Rows(("Wat", "Wie"), ((LONG, code),) * 2, widths=(1, 1))
    page = pages_of(pdf.render(replace(DOCUMENT, blocks=[pdf.Words(f"{LONG} " * 3), narrow])))[0]
    right = max(word.right for word in page.words)
    assert right <= page.width - 60, "the margin is 2.4 cm, 68 points"
    # Broken as Dutch is, where it had to be; whole where it fits.
    whole = "".join(re.sub(r"[\u00ad\u200b\s]", "", word.text) for word in page.words)
    assert LONG in whole
    assert code in whole


def test_a_word_that_fits_on_a_line_is_never_broken():
    text = (
        "Ik deel het niet verder, ook niet binnen mijn organisatie, tenzij de wet dat vraagt. " * 9
    )
    words = words_of(pdf.render(replace(DOCUMENT, blocks=[pdf.Words(text)])))
    assert " ".join(text.split()) in words


def test_behind_each_other_each_has_its_own_foot_pages_and_sheet():
    one = replace(DOCUMENT, foot="Voor politie", watermark="Politie · 1")
    more = [pdf.Words("Nog een alinea.\n" * 30)] * 3
    two = replace(DOCUMENT, language="en", foot="For care", watermark="GGZ · 2", blocks=more)
    made = pdf.render_stack("Papieren", "nl", [pdf.as_text(one), pdf.as_text(two)])
    texts = [" ".join(word.text for word in page.words) for page in pages_of(made)]
    assert texts[0].endswith("Voor politie pagina 1 van 1")
    # What lies askew is read letter by letter.
    assert "Politie·1" in texts[0].replace(" ", "")
    assert texts[1] == "", "the back of a sheet stays empty"
    assert len(texts) > 3
    for number, text in enumerate(texts[2:], 1):
        assert "For care" in text
        assert text.endswith(f"page {number} of {len(texts) - 2}")
        assert "Z GG" in text, "the watermark lies behind every page"
        assert "olitie" not in text
