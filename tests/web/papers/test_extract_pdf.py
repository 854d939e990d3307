"""The extract as PDF: what its recipient reads and nothing of anybody else, tagged and to be kept."""

import re
from concurrent.futures import ThreadPoolExecutor

from app.infra import wall
from app.models import Person
from tests.builders import QUESTION
from tests.documents import facts_of, words_of
from tests.seats import recorded
from tests.web.papers.conftest import CARE, CARE_TWO, POLICE, change

FOREIGN_TO_POLICE = (CARE, CARE_TWO, "Zorgvol", "Bezoeken")
FOREIGN_TO_CARE = (POLICE, "Politievol", "Bellen")


def pdf_of(client, path: str) -> bytes:
    answer = client.send(f"{path}/pdf")
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == "attachment; filename=overleg.pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.data


def test_the_own_extract_is_a_document_to_keep(adopted, client, frozen_clock):
    client.sign_in(adopted.world.police.id)
    made = pdf_of(client, adopted.own)
    words = words_of(made)
    for expected in (
        "Uw deel van het verslag",
        POLICE,
        "Politievol",
        QUESTION,
        "GGZ Delta, T. Mulder",
    ):
        assert expected in words
    for foreign in (*FOREIGN_TO_POLICE, "Concept"):
        assert foreign not in words
    assert "Vastgesteld op 2 juni 2026." in words
    foot = "Vertrouwelijk, voor A. Yilmaz, Politie · gemaakt op 01-06-2026, 10.00 pagina 1 van 1"
    assert words.endswith(foot)
    told = facts_of(made)
    assert told["Title"] == "Uw deel van het verslag"
    assert told["CreationDate"] == told["ModDate"] == "Tue Jun 2 00:00:00 2026 UTC"
    assert told["Tagged"] == "yes"
    assert told.keys() & {"Author", "Subject", "Keywords", "Producer"} == set()
    for flag in (
        b"<pdfuaid:part>1<",
        b"<pdfaid:part>2<",
        b"<pdfaid:conformance>A<",
        b"<rdf:li>nl<",
    ):
        assert flag in made
    assert recorded(adopted.world.police, "extract", "copy-print-export") == 1
    assert recorded(adopted.world.police, "decision", "read") == 1


def test_a_concept_is_marked_and_carries_no_day(closed, client):
    made = pdf_of(client.sign_in(closed.world.police.id), closed.own)
    words = words_of(made)
    assert "Concept: het verslag is nog niet vastgesteld." in words
    assert POLICE in words
    assert QUESTION not in words
    assert "CreationDate" not in facts_of(made)
    assert b"pdfaid" not in made


def test_in_english_for_who_reads_english(adopted, client):
    change(Person, adopted.world.police.id, language="en")
    made = pdf_of(client.sign_in(adopted.world.police.id), adopted.own)
    words = words_of(made)
    for expected in ("Your part of the minutes", "Adopted on 2 June 2026.", "page 1 of 1", POLICE):
        assert expected in words
    assert b"<rdf:li>en<" in made


def test_two_recipients_at_once_get_each_their_own(adopted, app, new_client):
    world = adopted.world
    visitors = [new_client().sign_in(one.id) for one in (world.police, world.care)]
    for one in visitors:
        one.page(adopted.own)
    with ThreadPoolExecutor(2) as pool:
        texts = [
            words_of(made) for made in pool.map(lambda one: pdf_of(one, adopted.own), visitors)
        ]
    for text, own, foreign in (
        (texts[0], POLICE, FOREIGN_TO_POLICE),
        (texts[1], CARE, FOREIGN_TO_CARE),
    ):
        assert own in text
        assert not [word for word in foreign if word in text]


def test_the_preview_is_what_its_recipient_gets_but_for_its_mark(adopted, new_client):
    world = adopted.world
    change(Person, world.police.id, language="en")
    own = words_of(pdf_of(new_client().sign_in(world.police.id), adopted.own))
    chair = new_client().sign_in(world.chair.id)
    assert "Voorbeeld als PDF" in chair.page(adopted.preview(world.police_seat)).text
    seen = words_of(pdf_of(chair, adopted.preview(world.police_seat)))
    assert re.search(r"Version 1 of 1 Jun 2026, 10:00 SHA-256: (?:[0-9a-f]{8} ){8}", own)
    assert _without_mark(seen) == _without_mark(own)
    assert recorded(world.chair, "seat-extract", "copy-print-export") == 1
    assert not recorded(world.chair, "extract", "copy-print-export")


def test_who_has_no_part_gets_no_document(closed, new_client):
    world = closed.world
    for who in (world.stranger, world.police_colleague, world.administrator):
        assert new_client().sign_in(who.id).send(f"{closed.own}/pdf").status_code == 404
    care = new_client().sign_in(world.care.id)
    assert care.send(f"{closed.preview(world.police_seat)}/pdf").status_code == 404
    link = care.get(f"{closed.own}/pdf")
    assert link.status_code == 303, "a copy is an act, never a link"
    assert not recorded(world.care, "extract", "copy-print-export")


def _without_mark(words: str) -> list[str]:
    """The words in any order, without the letters of the mark that lies askew behind them."""
    return sorted(word for word in words.split() if len(re.sub(r"\W", "", word)) > 3)


def test_the_command_knows_a_downloaded_document_and_a_changed_one(adopted, app, client, tmp_path):
    made = pdf_of(client.sign_in(adopted.world.police.id), adopted.own)
    file = tmp_path / "overleg.pdf"

    def verify(content: bytes) -> tuple[int, str]:
        file.write_bytes(content)
        with wall.acting_as(None):
            done = app.test_cli_runner().invoke(args=["minutes", "verify", str(file)])
        return done.exit_code, done.output

    code, said = verify(made)
    assert code == 0, said
    assert "Meeting of 15-06-2026, version 1" in said
    assert "unchanged" in said
    at = made.index(b"/Lang")
    code, said = verify(made[:at] + b"/lang" + made[at + 5 :])
    assert code == 1
    assert "NOT" in said
