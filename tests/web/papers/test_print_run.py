"""Copies on paper: numbered, made by the worker for who asked, thrown away after an hour."""

import uuid

import pytest

from app.features.cases.service import change_question
from app.infra import clock, crypto, outbox
from app.infra.crypto import KeyScope
from app.models import Exclusion, Meeting, PaperCopy, Person, PrintRun, PrintSheet
from tests import builders
from tests.builders import QUESTION
from tests.documents import pages_of
from tests.seats import actor_of, all_of, later, recorded
from tests.web.papers.conftest import CARE, POLICE, change


@pytest.fixture
def world(app):
    return builders.small_world(open_papers=True)


@pytest.fixture
def chair(world, client):
    return client.sign_in(world.chair.id)


def papers(world) -> str:
    return f"/meetings/{world.meeting.id}/papers"


def ask(client, at: str, seats=()) -> str:
    """Ask for copies, of everybody unless said; gives the address of the run."""
    fields = {"seats": [str(one.id) for one in seats]} if seats else {}
    answer = client.fill(at, fields, action="/papers")
    assert answer.status_code == 303, answer.text
    return answer.location


def made(client, at: str, seats=()) -> str:
    run = ask(client, at, seats)
    outbox.drain()
    return run


def fetched(client, run: str) -> list[str]:
    """The words of every page."""
    client.page(run)
    answer = client.send(f"{run}/pdf")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == "attachment; filename=overleg.pdf"
    return [" ".join(word.text for word in page.words) for page in pages_of(answer.data)]


def test_papers_hold_what_each_seat_sees_and_nothing_else(world, chair):
    run = ask(chair, papers(world))
    assert "0 van 2 gemaakt" in chair.page(run).text
    outbox.drain()
    pages = fetched(chair, run)
    care, police = pages[0], pages[2]
    assert pages[1] == "", "everybody's papers begin on a sheet of their own"
    assert "voor T. Mulder, GGZ Delta · exemplaar 1 · gemaakt op 01-06-2026, 10.00" in care
    assert "voor A. Yilmaz, Politie · exemplaar 2 · gemaakt op 01-06-2026, 10.00" in police
    assert "Politie·2" in police.replace(" ", "")
    for text in (care, police):
        assert QUESTION in text
        assert "pagina 1 van 1" in text
        assert "Wat hier besproken wordt, blijft hier." in text
    assert "Veiligheid" in police
    assert "Gezondheid" not in police
    assert "Gezondheid" in care
    assert "Veiligheid " not in care
    assert world.second_case.reference in care
    assert world.second_case.reference not in police
    assert "Persoonsgegevens" not in care + police, "names are never put on paper"


def test_a_copy_is_recorded_with_its_seat_as_read_and_copied_by_staff(world, chair):
    change(Person, world.police.id, language="en")
    (sheet,) = fetched(chair, made(chair, papers(world), [world.police_seat]))
    for expected in (
        "Papers for the meeting",
        "Confidential, for A. Yilmaz",
        "copy 1",
        "page 1 of 1",
    ):
        assert expected in sheet
    assert "What is said here stays here." in sheet
    copy, run = all_of(PaperCopy)[0], all_of(PrintRun)[0]
    assert (copy.number, copy.seat_id) == (1, world.police_seat.id)
    assert (copy.person_id, copy.made_by_id) == (world.police.id, world.chair.id)
    assert (run.done, run.total, run.skipped) == (1, 1, 0)
    assert recorded(world.chair, "seat-paper", "copy-print-export") == 1
    assert recorded(world.chair, "section", "read") == 2
    assert not recorded(world.police, "section", "read")


def test_numbers_go_on_and_what_came_back_is_ticked_and_unticked(world, chair, count_statements):
    made(chair, papers(world))
    with count_statements() as few:
        chair.page(papers(world))
    made(chair, papers(world), [world.police_seat])
    with count_statements() as more:
        chair.page(papers(world))
    assert len(more) == len(few) <= 10
    assert sorted(one.number for one in all_of(PaperCopy)) == [1, 2, 3]
    page = chair.page(papers(world))
    assert "3 exemplaren zijn nog niet terug" in page.text
    (third,) = all_of(PaperCopy, PaperCopy.number == 3)
    assert chair.fill(papers(world), action=f"{third.id}/return").status_code == 303
    text = chair.page(papers(world)).text
    assert "2 exemplaren zijn nog niet terug" in text
    assert "01-06-2026, 10.00" in text
    assert chair.fill(papers(world), action=f"{third.id}/out").status_code == 303
    assert "3 exemplaren zijn nog niet terug" in chair.page(papers(world)).text
    assert recorded(world.chair, "paper-copy", "change") == 2
    assert "Papieren (3)" in chair.page(f"/meetings/{world.meeting.id}").text
    barred = builders.exclusion(world.chair, world.case, world.coordinator)
    text = chair.page(f"/meetings/{world.meeting.id}").text
    assert "Papieren" in text
    assert "Papieren (" not in text
    change(Exclusion, barred.id, until_at=clock.now())
    change(Meeting, world.meeting.id, started_at=clock.now())
    close = f"/meetings/{world.meeting.id}/close"
    closed = chair.fill(close, action="/close", follow_redirects=True)
    assert "3 exemplaren zijn nog niet terug. Vink het af bij Papieren." in closed.text


def test_extracts_go_on_paper_once_adopted_and_may_be_kept(closed, client, new_client):
    world = closed.world
    chair = client.sign_in(world.chair.id)
    assert "Stel eerst het verslag vast" in chair.page(papers(world)).text
    seats = {"seats": str(world.police_seat.id), "submit_key": "x" * 24}
    assert chair.send(papers(world), seats).status_code == 422
    change(Meeting, world.meeting.id, adopted_at=clock.now())
    pages = fetched(chair, made(chair, papers(world)))
    care, police = pages[0], pages[-1]
    assert POLICE in police
    assert CARE not in police
    assert CARE in care
    assert POLICE not in care
    assert "exemplaar 2" in police
    # Nobody fixed a version yet; who reads the own page does.
    assert "SHA-256" not in police
    new_client().sign_in(world.police.id).page(closed.own)
    (sheet,) = fetched(chair, made(chair, papers(world), [world.police_seat]))
    assert "Versie 1 van 01-06-2026, 10.00" in sheet
    text = chair.page(papers(world)).text
    assert "mag de deelnemer houden" in text
    assert "niet terug" not in text


def test_only_who_asked_fetches_and_only_for_an_hour(world, chair, new_client):
    run = made(chair, papers(world))
    assert fetched(chair, run)
    other = new_client().sign_in(world.coordinator.id)
    other.page("/")
    for path in (run, f"{run}/pdf"):
        answer = other.get(path) if path == run else other.send(path)
        assert answer.status_code == 404
    run_id = uuid.UUID(run.rsplit("/", 1)[-1])
    scope = KeyScope.of_print_run(run_id)
    kept = crypto.store().key_of(scope)
    later(hours=1)
    chair.sign_in(world.chair.id)
    assert chair.get(run).status_code == 404, "past its end, whether or not it was thrown away"
    outbox.drain()
    assert not all_of(PrintSheet)
    assert not all_of(PrintRun)
    assert crypto.store().key_of(scope) != kept, "its key is gone, and every copy of it with that"
    assert len(all_of(PaperCopy)) == 2, "the paper is still outside"


def test_the_hourly_round_throws_away_what_the_worker_left(world, chair):
    from app.web import housekeeping

    made(chair, papers(world))
    later(hours=1)
    housekeeping.tidy()
    assert not all_of(PrintSheet)


@pytest.mark.parametrize("event", ["exclusion", "withdrawal", "blocked", "seat"])
def test_a_right_that_ended_keeps_the_print_shut(world, chair, event):
    run = made(chair, papers(world))
    chair.page(run)
    if event == "exclusion":
        now = clock.now()
        builders.exclusion(world.care, world.second_case, world.coordinator, from_at=now)
    elif event == "withdrawal":
        disclosure = world.disclosures["care-reason"]
        change(type(disclosure), disclosure.id, withdrawn_at=clock.now())
    elif event == "blocked":
        from app.domain.kinds import AccountState

        change(Person, world.police.id, state=AccountState.BLOCKED)
    else:
        change(type(world.care_seat), world.care_seat.id, removed_at=clock.now())
    answer = chair.send(f"{run}/pdf")
    assert answer.status_code == 422
    assert "Maak de exemplaren opnieuw" in answer.text


def test_words_that_changed_since_keep_the_print_shut(world, chair):
    first = made(chair, papers(world))
    later(minutes=1)
    assert chair.send(f"{first}/pdf").status_code == 200
    change_question(
        actor_of(world.chair), world.case.id, question="Iets anders?", version=world.case.version
    )
    assert chair.send(f"{first}/pdf").status_code == 422
    second = made(chair, papers(world))
    assert chair.send(f"{second}/pdf").status_code == 200
    later(minutes=1)
    section = world.sections["reason"]
    change(type(section), section.id, updated_at=clock.now())
    assert chair.send(f"{second}/pdf").status_code == 422


def test_staff_who_lost_the_table_or_a_case_print_nothing_of_it(world, chair, new_client):
    run = ask(chair, papers(world))
    builders.exclusion(world.chair, world.second_case, world.coordinator)
    outbox.drain()
    text = " ".join(fetched(chair, run))
    assert world.case.reference in text
    assert world.second_case.reference not in text
    ask(chair, papers(world))
    from app.models import TableRole

    for role in all_of(TableRole, TableRole.person_id == world.chair.id):
        change(TableRole, role.id, until_at=clock.now())
    outbox.drain()
    assert [one for one in all_of(PrintRun) if one.failed_at is not None]


def test_a_run_that_was_cut_short_goes_on_where_it_was(world, chair, monkeypatch):
    from app.features.papers import making

    run = ask(chair, papers(world))
    whole, calls = making._keep, []

    def falter(*given):
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError
        whole(*given)

    monkeypatch.setattr(making, "_keep", falter)
    outbox.drain()
    assert "1 van 2 gemaakt" in chair.page(run).text
    assert [one.number for one in all_of(PaperCopy)] == [1]
    later(minutes=1)
    outbox.drain()
    assert sorted(one.number for one in all_of(PaperCopy)) == [1, 2]
    assert len(fetched(chair, run)) == 3


def test_the_document_is_set_by_the_worker_and_the_page_follows(world, chair, monkeypatch):
    """Sealed like the words it is made of; its page is asked for again only where it changed."""
    from app.features.papers import handlers

    run = ask(chair, papers(world))

    def falter(*_given):
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(handlers, "stack_of", falter)
        outbox.drain()
    page = chair.page(run)
    assert "Het bestand wordt samengesteld." in page.text
    assert "gemaakt" not in page.text.replace("Exemplaren maken", "")
    (live,) = [given for _tag, given in page.tags if "data-live" in given]
    assert live["data-state"] == live["data-again"] == f"{run}/again"
    seen = {"If-None-Match": f'"{live["data-live"]}"'}
    assert chair.get(f"{run}/again", headers=seen).status_code == 304
    assert chair.send(f"{run}/pdf").status_code == 422
    assert len(all_of(PrintSheet)) == 2
    later(minutes=1)
    outbox.drain()
    answer = chair.get(f"{run}/again", headers=seen)
    assert answer.status_code == 200
    assert "data-state" not in answer.text, "there is nothing more to follow"
    (document,) = all_of(PrintSheet, PrintSheet.copy_id.is_(None))
    assert b"PDF" not in document.words_ct
    assert len(fetched(chair, run)) == 3


def test_nobody_else_knows_of_papers(world, chair, new_client):
    run = made(chair, papers(world))
    (one, _two) = all_of(PaperCopy)
    for who in (world.police, world.stranger, world.administrator):
        visitor = new_client().sign_in(who.id)
        visitor.page("/")
        for path in (papers(world), run, f"{run}/again"):
            assert visitor.get(path).status_code == 404
        for path in (papers(world), f"{run}/pdf", f"/paper-copies/{one.id}/return"):
            assert visitor.send(path).status_code == 404


def test_a_choice_is_needed_and_only_of_those_who_take_part(world, chair):
    answer = chair.fill(papers(world), {"seats": []}, action="/papers")
    assert answer.status_code == 422
    assert "Kies voor wie" in answer.text
    foreign = {"seats": str(uuid.uuid4()), "submit_key": "y" * 24}
    assert chair.send(papers(world), foreign).status_code == 422
    assert not all_of(PrintRun)
