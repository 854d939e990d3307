"""Before the first content: whose names are concerned, and whether one knows any of them."""

import pytest
from sqlalchemy import delete

from app.domain.kinds import HoldEnd, Regime
from app.features.cases.sections import SectionChange, change_section
from app.features.seats import sharing
from app.infra import clock
from app.infra.db import transaction
from app.models import Declaration, Meeting, Recusal, Seat, SeatHold, Section
from tests import builders
from tests.seats import (
    actor_of,
    all_of,
    change,
    later,
    live_hold,
    meeting_path,
    recorded,
    seat_path,
)

CLOSED = ("Kanarieveiligheid", "Kanarienaam", builders.QUESTION, "T. Mulder")


@pytest.fixture
def asking(world):
    """The police may see who is concerned, and have not said yet whether they know anybody."""
    with transaction() as session:
        session.execute(delete(Declaration).where(Declaration.person_id == world.police.id))
    return builders.disclosure(world.police_seat, world.sections["identity"], world.coordinator)


def path(world) -> str:
    return seat_path(world, "acquaintances")


def look(client, world) -> None:
    client.fill(path(world), action="/names/show", follow_redirects=True)


def say(client, page: str, answer: str):
    form = client.page(page).form("acquaintances")
    return client.send(form.action, {**form.filled({}), "answer": answer})


def test_nothing_opens_before_the_answer(police, world, asking):
    page = police.page(meeting_path(world))
    assert "eerst: kent u iemand?" in page.text
    assert path(world) in page.links
    assert "Kanarieaanleiding" in page.text, "own input stays the source's own"
    for word in (*CLOSED, world.case.reference):
        assert word not in page.html
    page = police.page(path(world))
    for word in (*CLOSED, world.case.reference):
        assert word not in page.html


def test_the_names_come_first_by_a_recorded_act(police, world, asking):
    look(police, world)
    page = police.page(path(world))
    assert "Kanarienaam" in page.text
    for word in ("Kanarieveiligheid", builders.QUESTION, world.case.reference):
        assert word not in page.html
    assert recorded(world.police, "seat", "reveal-identity") == 1
    assert recorded(world.police, "section", "reveal-identity") >= 1
    later(minutes=5)
    assert "Kanarienaam" not in police.page(path(world)).html


def test_who_knows_nobody_reads_on(police, world, asking):
    look(police, world)
    assert say(police, path(world), "nobody").status_code == 303
    assert "Kanarieveiligheid" in police.page(meeting_path(world)).text
    police.page(path(world), status=404)
    (said,) = all_of(Declaration, Declaration.person_id == world.police.id)
    assert (said.case_id, said.section_id) == (world.case.id, world.sections["identity"].id)
    assert recorded(world.police, "declaration", "authorisation-change") == 1


def test_who_knows_somebody_steps_back_at_once(police, world, asking):
    look(police, world)
    answer = say(police, path(world), "somebody")
    assert answer.status_code == 303
    assert [one.person_id for one in all_of(Recusal)] == [world.police.id]
    assert live_hold(world.police_seat) is None
    ended = all_of(SeatHold, SeatHold.seat_id == world.police_seat.id)
    assert [one.ended for one in ended] == [HoldEnd.RECUSED]
    assert not all_of(Declaration, Declaration.person_id == world.police.id)
    for where in (meeting_path(world), path(world)):
        police.page(where, status=404)
    assert recorded(world.police, "recusal", "authorisation-change") == 1


def test_an_answer_without_a_look_is_none(police, world, asking):
    police.page(path(world))
    other = str(world.sections["reason"].id)
    for fields in ({}, {"answer": "nobody"}, {"answer": "nobody", "shown": other}, {"answer": "x"}):
        assert police.send(path(world), fields).status_code == 422
    assert not all_of(Declaration, Declaration.person_id == world.police.id)


def test_other_words_about_somebody_ask_again_whoever_said_to_know_nobody(police, world, asking):
    """The answer was about who stood there; and it counts for the words that were looked at."""
    look(police, world)
    form = police.page(path(world)).form("acquaintances")
    stale = {**form.filled({}), "answer": "nobody"}
    assert police.send(form.action, stale).status_code == 303
    section = rewritten(world, "Kanariebuurvrouw")
    assert "Kanarieveiligheid" not in police.page(meeting_path(world)).text
    assert police.send(form.action, stale).status_code == 422, "not what was looked at"
    assert "Kanariebuurvrouw" in police.page(path(world)).text
    assert say(police, path(world), "nobody").status_code == 303
    assert "Kanarieveiligheid" in police.page(meeting_path(world)).text
    said = all_of(Declaration, Declaration.person_id == world.police.id)
    assert sorted(one.words_version for one in said) == [1, section.words_version]


def rewritten(world, text: str) -> Section:
    """Staff write down who it is in other words."""
    (section,) = all_of(Section, Section.id == world.sections["identity"].id)
    change = SectionChange(
        regime=section.regime, text=text, version=section.version, confirmed=True, names=True
    )
    change_section(actor_of(world.coordinator), world.case.id, section.id, change)
    (section,) = all_of(Section, Section.id == section.id)
    return section


def test_who_joins_the_case_later_is_asked_about_again(police, world, asking):
    builders.declaration(world.police, world.sections["identity"])
    police.page(path(world), status=404)
    somebody = builders.concerned(world.case, position=2)
    more = builders.section(
        world.case, world.types["identity"], world.host, "Kanarietante", about=somebody
    )
    assert "Kanarieveiligheid" in police.page(meeting_path(world)).text, "not disclosed: not asked"
    builders.disclosure(world.police_seat, more, world.coordinator)
    assert "Kanarieveiligheid" not in police.page(meeting_path(world)).html
    look(police, world)
    assert "Kanarietante" in police.page(path(world)).text


def test_an_identity_that_waits_for_its_source_is_not_asked_about(police, world, asking):
    change(Section, Section.id == world.sections["identity"].id, regime=Regime.WPG)
    assert "Kanarieveiligheid" in police.page(meeting_path(world)).text
    police.page(path(world), status=404)


@pytest.mark.parametrize("who", ["care", "police_colleague", "chair", "stranger", "administrator"])
def test_nobody_else_is_asked(client, world, asking, who):
    client.sign_in(getattr(world, who).id)
    assert client.get(path(world)).status_code == 404
    client.page("/")
    for fields in ({"answer": "nobody"}, {"answer": "somebody"}):
        assert client.send(path(world), fields).status_code == 404
    shown = client.send(f"/names/show?seat={world.police_seat.id}")
    assert shown.status_code == 404
    assert not all_of(Recusal)


def test_the_names_stay_shut_before_confidentiality_and_outside_the_window(police, world, asking):
    change(Meeting, closes_at=Meeting.opens_at)
    police.page(path(world), status=404)
    assert police.send(f"/names/show?seat={world.police_seat.id}").status_code == 404


def test_decisions_wait_for_the_answer_too(police, world, asking):
    builders.decision(world.item, world.chair, "Kanariebesluit", to=[world.police_seat])
    action = builders.action(
        world.item, world.police_organisation, world.police, world.chair, full="Kanarievol"
    )
    assert "Kanariebesluit" not in police.page(meeting_path(world)).html
    assert "Kanarievol" not in police.page(f"/my-actions/{action.id}").html
    builders.declaration(world.police, world.sections["identity"])
    assert "Kanariebesluit" in police.page(meeting_path(world)).text
    assert "Kanarievol" in police.page(f"/my-actions/{action.id}").text


def test_what_alters_no_word_asks_nobody_again(police, world, asking):
    """Neither the source's wish to be asked, nor the same words written down once more."""
    builders.declaration(world.police, world.sections["identity"])
    sharing.ask_me(actor_of(world.police), world.sections["identity"].id, wanted=True)
    section = rewritten(world, "Kanarienaam \r\n")
    assert (section.words_version, section.version) == (1, 3)
    assert "Kanarieveiligheid" in police.page(meeting_path(world)).text


def test_what_is_kept_stays_though_who_it_is_reads_differently_after_the_window(
    police, world, asking
):
    """Nobody can answer any more: a word about what stood there is enough, and none is not."""
    builders.decision(world.item, world.chair, "Kanariebesluit", to=[world.police_seat])
    action = builders.action(
        world.item, world.police_organisation, world.police, world.chair, full="Kanarievol"
    )
    change(Meeting, started_at=Meeting.starts_at, closed_at=Meeting.ends_at)
    kept = {
        meeting_path(world): "Kanariebesluit",
        f"{meeting_path(world)}/extract": "Kanariebesluit",
        f"/my-actions/{action.id}": "Kanarievol",
    }

    def keeps() -> set[bool]:
        return {text in police.page(where).text for where, text in kept.items()}

    builders.declaration(world.police, world.sections["identity"])
    assert keeps() == {True}
    rewritten(world, "Kanariebuurvrouw")
    assert keeps() == {False}, "within the window the question waits"
    change(Meeting, closes_at=clock.now())
    assert keeps() == {True}
    with transaction() as session:
        session.execute(delete(Declaration).where(Declaration.person_id == world.police.id))
    assert keeps() == {False}


# At a request for input


def task(asked) -> str:
    return f"/my-input/{asked.id}"


@pytest.fixture
def fresh(world):
    """Nobody accepted or answered anything yet, and the papers are not published."""
    from tests.seats import forget_acceptance

    forget_acceptance()
    with transaction() as session:
        session.execute(delete(Declaration))
    change(Meeting, published_at=None)


def test_a_task_opens_step_by_step(police, world, asked, fresh):
    change(Seat, Seat.id == world.police_seat.id, invited_at=None)
    page = police.page(task(asked))
    assert "blijft hier" in page.text
    for word in (*CLOSED, world.case.reference):
        assert word not in page.html
    shown = police.send(f"/names/show?request={asked.id}")
    assert shown.status_code == 404, "no names before confidentiality"
    police.fill(task(asked), action="/accept", follow_redirects=True)
    page = police.page(task(asked))
    assert "Kent u iemand privé?" in page.text
    for word in (*CLOSED, world.case.reference):
        assert word not in page.html
    police.fill(task(asked), action="/names/show", follow_redirects=True)
    page = police.page(task(asked))
    assert "Kanarienaam" in page.text
    assert builders.QUESTION not in page.html
    say(police, task(asked), "nobody")
    page = police.page(task(asked))
    assert builders.QUESTION in page.text
    assert "Kanarienaam" in page.text
    assert recorded(world.police, "declaration", "authorisation-change") == 1


def test_a_task_takes_no_answer_before_its_steps(police, world, asked, fresh):
    given = {"answer": "not-known"}
    police.page(task(asked))
    assert police.send(task(asked), given).status_code == 422
    assert police.send(f"{task(asked)}/acquaintances", {"answer": "nobody"}).status_code == 422
    police.fill(task(asked), action="/accept")
    assert police.send(task(asked), given).status_code == 422
    builders.declaration(world.police, world.sections["identity"])
    assert police.send(task(asked), given).status_code == 303


def test_who_knows_somebody_at_a_task_steps_back(police, world, asked, fresh):
    police.fill(task(asked), action="/accept")
    police.fill(task(asked), action="/names/show", follow_redirects=True)
    say(police, task(asked), "somebody")
    assert [one.person_id for one in all_of(Recusal)] == [world.police.id]
    police.page(task(asked), status=404)
    police.page(meeting_path(world), status=404)


def test_another_accepts_nothing_here(new_client, world, asked, fresh):
    colleague = new_client().sign_in(world.police_colleague.id)
    colleague.page("/")
    assert colleague.send(f"{meeting_path(world)}/accept").status_code == 404
