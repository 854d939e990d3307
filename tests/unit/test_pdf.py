"""Documents on paper: nothing typed is read as markup, and the file tells nothing of its making."""

from app.infra import pdf
from tests.documents import words_of

DOCUMENT = pdf.Document(
    "Verklaring",
    "nl",
    "Casustafel",
    [
        pdf.Heading("Wat is vernietigd"),
        pdf.Words("#panic() *niet vet* $x$ @noot"),
        pdf.Facts(("Wat", "Aantal"), (("Casussen", "3"),)),
        pdf.Quoted("Eerste regel\nTweede regel"),
    ],
)


def test_words_stand_in_the_document_as_they_were_typed():
    words = words_of(pdf.render(DOCUMENT))
    for expected in ("#panic() *niet vet* $x$ @noot", "Casussen 3", "Eerste regel Tweede regel"):
        assert expected in words


def test_the_file_is_tagged_and_says_nothing_of_when_and_where():
    made = pdf.render(DOCUMENT)
    assert b"/StructTreeRoot" in made
    assert b"/Lang" in made
    for telling in (b"/CreationDate", b"/ModDate", b"/Author", b"CreateDate"):
        assert telling not in made
    assert pdf.render(DOCUMENT) == made
