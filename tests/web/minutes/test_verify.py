"""The command that says whether a copy of minutes reads as it was fixed."""

import uuid

import pytest
from sqlalchemy import delete, update

from app.access.lifecycle import destruction
from app.domain.kinds import RetentionClass
from app.infra import crypto, wall
from app.infra.crypto import KeyScope
from app.infra.db import transaction
from app.infra.wall import System
from app.models import CaseTable, MinutesExtractPart, Person
from tests.builders import World
from tests.live import change
from tests.minutes import addendum, adopt, closed_world, extract_url, note


@pytest.fixture
def world(app) -> World:
    made = closed_world()
    note(made.item, made.chair, "Eerste regel\nTweede regel", to=[made.police_seat])
    adopt(made)
    return made


@pytest.fixture
def copy(world, client, tmp_path):
    """The text the police downloaded, as a file."""
    client.sign_in(world.police.id).page(extract_url(world))
    file = tmp_path / "overleg.txt"
    file.write_bytes(client.send(f"{extract_url(world)}/download").data)
    return file


@pytest.fixture
def verify(app):
    def run(*arguments: str) -> tuple[int, str]:
        with wall.acting_as(None):
            done = app.test_cli_runner().invoke(args=["minutes", "verify", *arguments])
        return done.exit_code, done.output

    return run


def test_a_copy_is_recognised_and_compared_word_for_word(world, copy, verify, client):
    code, said = verify(str(copy))
    assert code == 0
    assert "Meeting of 15-06-2026, version 1" in said
    assert "unchanged" in said
    change(CaseTable, world.table.id, name="Een andere naam")
    copy.write_bytes(copy.read_bytes().replace(b"\r\n", b"\n"))
    assert verify(str(copy))[0] == 0
    copy.write_bytes(copy.read_bytes().replace(b"Politievol", b"Politieleeg"))
    code, said = verify(str(copy))
    assert code == 1
    assert "NOT" in said
    for word in ("Politie", "Afspraak", world.case.reference, "A. Yilmaz"):
        assert word not in said


def test_a_copy_in_english_and_of_an_older_version_is_recognised(world, copy, verify, client):
    change(Person, world.police.id, language="en")
    copy.write_bytes(client.send(f"{extract_url(world)}/download").data)
    assert "- Agreement: Afspraakpolitie" in copy.read_text(encoding="utf-8")
    addendum(world.item, world.chair, "Aanvulling", to=[world.police_seat])
    client.page(extract_url(world))
    code, said = verify(str(copy))
    assert code == 0
    assert "There is a newer version." in said


def test_what_is_no_copy_is_said_to_be_none(copy, verify, tmp_path):
    assert "no SHA-256" in verify(str(_file(tmp_path, "Een tekst.")))[1]
    assert "no version" in verify(str(_file(tmp_path, f"Tekst\nSHA-256: {'0' * 64}")))[1]
    assert verify()[0] == 2
    sha256 = copy.read_text(encoding="utf-8").split()[-1]
    code, said = verify("--sha256", f"{sha256[:32]} {sha256[32:].upper()}")
    assert code == 0
    assert "not compared" in said


def _file(folder, text: str):
    file = folder / f"{uuid.uuid4()}.txt"
    file.write_text(text, encoding="utf-8")
    return file


def test_once_the_case_was_destroyed_it_says_so(world, copy, verify, client):
    with wall.acting_as(System.RETENTION), transaction() as session:
        removed = destruction.remove_class(session, world.case.id, RetentionClass.DECISIONS)
    crypto.store().destroy_all(removed.scopes)
    code, said = verify(str(copy))
    assert code == 1
    assert "destroyed" in said
    assert "Er is voor u niets vastgelegd." in client.page(extract_url(world)).text


def test_only_its_key_gone_says_the_same(world, copy, verify):
    crypto.store().destroy(KeyScope.of_case(world.case.id, RetentionClass.DECISIONS))
    assert "destroyed" in verify(str(copy))[1]


def test_a_database_that_was_changed_by_hand_is_noticed(world, copy, verify):
    with transaction() as session:
        session.execute(update(MinutesExtractPart).values(canonical_ct=b"\x01" + bytes(60)))
    assert verify(str(copy))[0] == 1
    with transaction() as session:
        session.execute(delete(MinutesExtractPart))
    assert verify(str(copy))[0] == 1
