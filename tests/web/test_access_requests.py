"""An access request from intake to answer: checked, judged, viewed by the sources, reviewed."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from app.access import load_actor
from app.access.lifecycle.shared_with import shared_with
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import (
    AccountState,
    AnswerKind,
    CaseState,
    RedactionGround,
    Regime,
    SourceOpinion,
    TableRoleName,
    TaskKind,
)
from app.domain.redaction import passages, redacted
from app.features.access_requests import (
    answering,
    forgetting,
    judging,
    packing,
    queries,
    service,
    sources,
)
from app.features.handovers import answering as handing
from app.features.retention import service as keeping
from app.infra import clock, crypto, outbox, wall
from app.infra.crypto import KeyScope
from app.infra.db import reading, transaction
from app.models import (
    AccessRequest,
    AuditEvent,
    Case,
    Person,
    Seat,
    Section,
    SectionType,
    TableRole,
    Task,
)
from tests import builders
from tests.documents import words_of
from tests.seats import all_of, change

OTHER = "Kanarievader woont elders."


@pytest.fixture
def world(app):
    """The small world with a father nobody asks for, and a privacy officer."""
    made = builders.small_world(open_papers=True)
    father = builders.concerned(made.case, label="Vader", position=2)
    builders.section(made.case, made.types["identity"], made.host, "Kanarievadernaam", about=father)
    builders.section(
        made.case, made.types["children"], made.host, "Kanarievadertekst", about=father
    )
    mixed = f"Kanariemoeder is veilig. {OTHER}"
    builders.section(
        made.case, made.types["safety"], made.police_organisation, mixed, about=made.concerned,
        regime=Regime.WPG,
    )  # fmt: skip
    builders.decision(made.item, made.chair, "Kanariebesluit")
    return made


@pytest.fixture
def officer(world):
    return builders.person(world.host, "F. Gegevens", is_privacy_officer=True)


def act(person, function, *args, **more):
    """Do something as somebody, as a request would."""
    with wall.acting_as(person.id):
        with reading() as session:
            actor = load_actor(session, person.id, now=clock.now())
        return function(actor, *args, **more)


def intake(world, **more) -> service.Intake:
    values = {
        "table_id": world.table.id, "regime": Regime.AVG, "received_on": date(2026, 6, 1),
        "requester": "A. Verzoeker, 0612345678", "identity_check": "document",
        "authority_check": "self", "reference": world.case.reference,
    }  # fmt: skip
    return service.Intake(**{**values, **more})


def prepared(world, *, judge=True, police=SourceOpinion.PART):
    """A request whose sources answered, with every text judged and the father left out."""
    request_id = act(world.coordinator, service.take_in, intake(world))
    act(world.coordinator, service.choose_person, request_id, world.concerned.id)
    act(world.coordinator, service.ask_sources, request_id)
    views = {one.organisation: one for one in _views(request_id)}
    for person, opinion in ((world.police, police), (world.care, SourceOpinion.NO)):
        [view] = [
            one.id for one in _views(request_id) if one.organisation == person.organisation_id
        ]
        act(person, sources.give_view, view, opinion, "Omdat het mag")
    host = builders.representative(world.host, world.table)
    act(host, sources.give_view, views[world.host.id].id, SourceOpinion.YES, "")
    if judge:
        judge_all(world, request_id)
    return request_id


class _View:
    def __init__(self, row) -> None:
        self.id, self.organisation = row.id, row.organisation_id


def _views(request_id):
    from app.models import SourceView

    return [_View(row) for row in all_of(SourceView, SourceView.request_id == request_id)]


def judge_all(world, request_id) -> None:
    for part in act(world.coordinator, queries.request_page, request_id).parts:
        page = act(world.coordinator, judging.part_page, request_id, part.id)
        grounds = tuple(
            RedactionGround.OTHER_PERSON if one == OTHER else None for one in page.passages
        )
        act(world.coordinator, judging.judge, request_id, part.id, grounds)


def test_from_intake_to_answer(world, officer, client):
    request_id = prepared(world)
    path = f"/access-requests/{request_id}"
    client.sign_in(world.coordinator.id)
    page = client.page(path)
    assert "1 passage weggelaten" in page.text
    assert "Kanarievadertekst" not in page.text
    assert client.get(f"{path}/answer").status_code == 404
    client.fill(path, {"answer": "full", "reviewer": str(officer.id)}, action="/submit")
    assert client.get(f"{path}/answer").status_code == 404
    reviewer = client.sign_in(officer.id)
    assert world.case.reference not in reviewer.page(f"{path}/review").html
    assert reviewer.get(f"{path}/answer").status_code == 404
    reviewer.fill(f"{path}/review", action="/accept")
    words = words_of(reviewer.get(f"{path}/answer").data)
    assert "Kanariemoeder is veilig. [gaat over een ander]" in words
    assert "Kanarienaam" not in words
    assert "afgeschermd" in words
    refused = reviewer.fill(f"{path}/review", {"decision": "return"})
    assert refused.status_code == 422
    reviewer.fill(f"{path}/review", {"decision": "approve"})
    assert reviewer.get(f"{path}/answer").status_code == 404
    sent = client.sign_in(world.coordinator.id).get(f"{path}/answer")
    assert (
        sent.headers["Content-Disposition"]
        == f"attachment; filename=inzageverzoek-{str(request_id)[:8]}.pdf"
    )
    words = words_of(sent.data)
    for given in (
        "Kanarienaam",
        "Kanarieaanleiding",
        "Kanarieveiligheid",
        "Kanariebesluit",
        "Gedeeld met",
    ):
        assert given in words, given
    for kept in (
        "Kanarievader",
        "Kanarievadertekst",
        "Kanarievadernaam",
        "Kanariegezondheid",
        world.police.name,
    ):
        assert kept not in words, kept
    client.fill(path, action="/close")
    assert all_of(AccessRequest, AccessRequest.id == request_id)[0].closed_at
    assert all_of(AccessRequest, AccessRequest.id == request_id)[0].answer is AnswerKind.PART


def test_what_was_shared_with_an_organisation_only_staff_know_is_not_told(world, officer):
    with transaction() as session:
        session.get_one(Seat, world.care_seat.id).is_staff_only = True
    request_id = prepared(world)
    act(world.coordinator, answering.submit, request_id, AnswerKind.FULL, reviewer_id=officer.id)
    act(officer, answering.accept, request_id)
    shared = {
        one.organisation
        for part in act(officer, packing.pack_of, request_id).parts
        for one in part.shared
    }
    assert shared == {"Politie", world.host.name}, "the other is where the reviewer works"
    assert not [
        one
        for part in act(officer, packing.pack_of, request_id).parts
        for one in part.shared
        if one.until_at
    ]


def test_with_whom_it_was_shared_is_told_whole(world):
    """Seats, questions, tasks, case lead, emergency, agreements and actions; never a person."""
    now, org = clock.now(), world.police_organisation.name
    change(SectionType, SectionType.id == world.types["safety"].id, is_plan=True)
    builders.task(
        world.police_colleague, world.case, world.chair, kind=TaskKind.GUEST, accepted_at=now,
        sections=[world.sections["reason"]], opens_question=True,
    )  # fmt: skip
    builders.task(world.care, world.case, world.chair, kind=TaskKind.CASE_LEAD, accepted_at=now)
    builders.task(world.stranger, world.case, world.chair, sections=[world.sections["reason"]])
    builders.emergency(world.coordinator, world.case)
    builders.input_request(world.police_seat, world.coordinator)
    decision = builders.decision(world.item, world.chair, "Zo", to=[world.care_seat])
    action = builders.action(world.item, world.police_organisation, world.police, world.chair)
    things = {code: one.id for code, one in world.sections.items()}
    things |= {"question": world.case.id, "decision": decision.id, "action": action.id}
    names = {object_id: name for name, object_id in things.items()}
    with wall.acting_as(world.coordinator.id), reading() as session:
        case = session.get_one(Case, world.case.id)
        told = {
            (names[one.object_id], one.organisation, str(one.way))
            for one in shared_with(session, case, names)
        }
    care, host = world.care_organisation.name, world.host.name
    assert {one for one in told if one[2] != "emergency"} == {
        ("identity", org, "input-request"),
        ("reason", org, "seat"), ("reason", care, "seat"), ("reason", org, "guest"),
        ("safety", org, "seat"), ("safety", care, "case-lead"),
        ("question", org, "seat"), ("question", care, "seat"), ("question", org, "guest"),
        ("question", org, "input-request"),
        ("decision", care, "decision"), ("action", org, "action"), ("action", care, "case-lead"),
    }  # fmt: skip
    assert {one for one in told if one[2] == "emergency"} == {
        (name, host, "emergency") for name in things
    }


def test_neither_confirming_nor_denying_reads_the_same_whatever_there_is(world, officer, client):
    """Body, headers and the name of the file; in the language of who asks, whoever downloads it."""
    kept, answers = act(world.coordinator, service.take_in, intake(world)), []
    act(world.coordinator, service.choose_person, kept, world.concerned.id)
    act(world.coordinator, service.ask_sources, kept)
    absent = act(world.coordinator, service.take_in, intake(world, reference=""))
    english = act(world.coordinator, service.take_in, intake(world, reference="", language="en"))
    client.sign_in(world.coordinator.id)
    for request_id in (kept, absent, english):
        to = {"reviewer_id": officer.id}
        act(world.coordinator, answering.submit, request_id, AnswerKind.NEITHER, **to)
        act(officer, answering.review, request_id, approve=True, remark="")
        answer = client.get(f"/access-requests/{request_id}/answer")
        headers = str(answer.headers).replace(str(request_id)[:8], "00000000")
        answers.append((answer.status_code, headers, answer.data))
    assert answers[0] == answers[1]
    assert "niet bevestigen en niet ontkennen" in words_of(answers[0][2])
    assert "neither confirm nor deny" in words_of(answers[2][2])
    assert "ontkennen" not in words_of(answers[2][2])


def test_nothing_leaves_before_it_was_judged_and_the_sources_spoke(world, officer):
    request_id = act(world.coordinator, service.take_in, intake(world))
    give = {"reviewer_id": officer.id}
    with pytest.raises(Refusal, match=Reason.PERSON_FIRST):
        act(world.coordinator, answering.submit, request_id, AnswerKind.FULL, **give)
    act(world.coordinator, service.choose_person, request_id, world.concerned.id)
    with pytest.raises(Refusal, match=Reason.SOURCES_FIRST):
        act(world.coordinator, answering.submit, request_id, AnswerKind.FULL, **give)
    request_id = prepared(world, judge=False)
    with pytest.raises(Refusal, match=Reason.JUDGE_FIRST):
        act(world.coordinator, answering.submit, request_id, AnswerKind.FULL, **give)
    judge_all(world, request_id)
    # Another word written meanwhile has to be judged anew.
    builders.section(world.case, world.types["reason"], world.host, "Kanarienieuw")
    with pytest.raises(Refusal, match=Reason.JUDGE_FIRST):
        act(world.coordinator, answering.submit, request_id, AnswerKind.FULL, **give)


def test_police_data_stay_out_without_the_word_of_the_police(world, officer):
    request_id = prepared(world, police=SourceOpinion.NO)
    act(world.coordinator, answering.submit, request_id, AnswerKind.FULL, reviewer_id=officer.id)
    act(officer, answering.accept, request_id)
    pieces = [
        one for part in act(officer, packing.pack_of, request_id).parts for one in part.pieces
    ]
    assert not [one for one in pieces if "Kanariemoeder" in one]
    assert "Kanarieaanleiding" in pieces


@pytest.mark.parametrize("said", [SourceOpinion.YES, SourceOpinion.NO])
def test_what_its_source_asked_to_be_asked_about_leaves_only_as_reviewed(world, officer, said):
    change(Section, Section.id == world.sections["reason"].id, asks_from=clock.now())
    request_id = prepared(world, police=said)
    act(world.coordinator, answering.submit, request_id, AnswerKind.FULL, reviewer_id=officer.id)
    act(officer, answering.accept, request_id)
    reviewed = act(officer, packing.pack_of, request_id)
    act(officer, answering.review, request_id, approve=True, remark="")
    sent = act(world.coordinator, packing.pack_of, request_id)
    assert [one.pieces for one in sent.parts] == [one.pieces for one in reviewed.parts]
    given = "Aanleiding" in [one.label_nl for one in reviewed.parts]
    assert given == (said is SourceOpinion.YES)


@pytest.mark.parametrize("said", [SourceOpinion.NO, SourceOpinion.YES])
def test_a_source_only_staff_know_is_asked_and_never_named(world, officer, said):
    """A shelter: only with its yes leaves its text, identity included, and never its name."""
    with builders.together():
        shelter = builders.organisation("OPV", name="Opvang Noord")
        who = builders.representative(shelter, world.table)
        builders.seat(world.item, shelter, who, is_staff_only=True)
        for code in ("input", "identity"):
            builders.section(
                world.case, world.types[code], shelter, f"Opvang {code}",
                about=world.concerned,
            )  # fmt: skip
    request_id = prepared(world, judge=False)
    [view] = [one.id for one in _views(request_id) if one.organisation == shelter.id]
    act(who, sources.give_view, view, said, "Levensgevaar")
    judge_all(world, request_id)
    act(world.coordinator, answering.submit, request_id, AnswerKind.FULL, reviewer_id=officer.id)
    act(officer, answering.accept, request_id)
    told = {one.organisation for one in act(officer, queries.review_page, request_id).views}
    assert "" in told
    assert "Opvang Noord" not in told
    act(officer, answering.review, request_id, approve=True, remark="")
    pack = act(world.coordinator, packing.pack_of, request_id)
    given = {*pack.identity, *(piece for part in pack.parts for piece in part.pieces)}
    own = {"Opvang input", "Opvang identity"}
    assert given & own == (own if said is SourceOpinion.YES else set())
    assert "Opvang Noord" not in {part.source for part in pack.parts}


def test_what_was_taken_back_is_nobodys_to_answer_for(world):
    with transaction() as session:
        session.get_one(Section, world.sections["health"].id).text_ct = None
    request_id = act(world.coordinator, service.take_in, intake(world))
    act(world.coordinator, service.choose_person, request_id, world.concerned.id)
    act(world.coordinator, service.ask_sources, request_id)
    assert {one.organisation for one in _views(request_id)} == {
        world.host.id, world.police_organisation.id,
    }  # fmt: skip
    parts = act(world.coordinator, queries.request_page, request_id).parts
    assert "Gezondheid" not in {one.label_nl for one in parts}


def test_a_source_that_does_not_answer_holds_up_nothing_but_what_needs_its_yes(
    world, officer, client
):
    """Nobody is named for the police any more: staff write that down, and its Wpg text stays."""
    change(TableRole, TableRole.person_id == world.police.id, until_at=clock.now())
    request_id = act(world.coordinator, service.take_in, intake(world))
    act(world.coordinator, service.choose_person, request_id, world.concerned.id)
    act(world.coordinator, service.ask_sources, request_id)
    path = f"/access-requests/{request_id}"
    silent = {one.organisation: str(one.id) for one in _views(request_id)}
    client.sign_in(world.coordinator.id)
    assert client.page(path).text.count("niemand die kan antwoorden") == len(silent) - 1
    for organisation, view in silent.items():
        said = {"source": view, "reason": ""}
        assert client.fill(path, said, action="/silence").status_code == 422
        said["reason"] = f"Gebeld op 1 juni {organisation}"
        assert client.fill(path, said, action="/silence").status_code == 303
    page = client.page(path)
    assert page.text.count("niet geantwoord") == len(silent)
    assert "Gebeld op 1 juni" in page.text
    judge_all(world, request_id)
    act(world.coordinator, answering.submit, request_id, AnswerKind.FULL, reviewer_id=officer.id)
    act(officer, answering.accept, request_id)
    pack = act(officer, packing.pack_of, request_id)
    assert pack.answer is AnswerKind.PART
    assert pack.parts
    assert not [one for one in pack.parts if one.pieces[0].startswith("Kanariemoeder")]


def test_staff_who_are_privacy_officer_too_send_what_another_reviewed(world, officer):
    request_id = prepared(world)
    act(world.coordinator, answering.submit, request_id, AnswerKind.FULL, reviewer_id=officer.id)
    change(Person, Person.id == world.coordinator.id, is_privacy_officer=True)
    with pytest.raises(NotVisible):
        act(world.coordinator, packing.pack_of, request_id)
    act(officer, answering.accept, request_id)
    act(officer, answering.review, request_id, approve=True, remark="")
    assert act(world.coordinator, packing.pack_of, request_id).parts


def test_a_reviewer_who_cannot_any_more_holds_up_nothing(world, officer, client):
    request_id, path = prepared(world), "/access-requests/{}"
    submit = {"reviewer_id": officer.id}
    act(world.coordinator, answering.submit, request_id, AnswerKind.FULL, **submit)
    client.sign_in(world.coordinator.id)
    assert "kan dat niet meer" not in client.page(path.format(request_id)).text
    change(Person, Person.id == officer.id, state=AccountState.BLOCKED)
    assert "kan dat niet meer" in client.page(path.format(request_id)).text
    client.fill(path.format(request_id), action="/take-back")
    other = builders.person(world.host, "G. Gegevens", is_privacy_officer=True)
    submit = {"reviewer_id": other.id}
    act(world.coordinator, answering.submit, request_id, AnswerKind.FULL, **submit)
    act(other, answering.accept, request_id)
    act(other, answering.review, request_id, approve=True, remark="")
    assert "kan dat niet meer" not in client.page(path.format(request_id)).text
    act(world.coordinator, answering.close, request_id)


def test_an_officer_whom_the_case_bars_is_not_offered_as_reviewer(world, officer):
    request_id = prepared(world)
    builders.exclusion(officer, world.case, world.chair)
    assert not act(world.coordinator, queries.request_page, request_id).officers
    with pytest.raises(Refusal, match=Reason.VALUE_UNKNOWN):
        act(
            world.coordinator, answering.submit, request_id, AnswerKind.NEITHER,
            reviewer_id=officer.id,
        )  # fmt: skip


def test_a_reviewer_whom_the_case_bars_meanwhile_sees_no_request(world, officer):
    request_id = act(world.coordinator, service.take_in, intake(world))
    given = {"reviewer_id": officer.id}
    act(world.coordinator, answering.submit, request_id, AnswerKind.NEITHER, **given)
    assert act(officer, queries.request_list).to_review
    builders.exclusion(officer, world.case, world.chair)
    assert not act(officer, queries.request_list).to_review
    for read in (queries.review_page, packing.pack_of):
        with pytest.raises(NotVisible):
            act(officer, read, request_id)


def test_a_request_goes_along_when_its_case_moves_and_is_put_before_a_reviewer_anew(world, officer):
    request_id = prepared(world)
    act(world.coordinator, answering.submit, request_id, AnswerKind.FULL, reviewer_id=officer.id)
    handover = builders.handover(world.case, world.chair, to_table=world.other_table)
    offer = builders.offer(
        world.stranger, handover, world.case, world.chair, accepted_at=clock.now()
    )
    act(world.stranger, handing.accept, offer.id)
    assert act(world.stranger, queries.request_page, request_id).is_new
    for who, read in ((world.coordinator, queries.request_page), (officer, packing.pack_of)):
        with pytest.raises(NotVisible):
            act(who, read, request_id)


def test_who_has_no_part_in_it_sees_nothing(world, officer):
    request_id = prepared(world)
    act(world.coordinator, answering.submit, request_id, AnswerKind.FULL, reviewer_id=officer.id)
    other = builders.person(world.host, is_privacy_officer=True)
    for who in (world.stranger, world.police, other, world.administrator):
        with pytest.raises(NotVisible):
            act(who, packing.pack_of, request_id)
    [task] = all_of(Task, Task.kind == "access-review")
    with pytest.raises(Refusal, match=Reason.ACCEPT_FIRST):
        act(officer, answering.review, request_id, approve=True, remark="")
    act(officer, answering.accept, request_id)
    act(officer, answering.review, request_id, approve=False, remark="Nog eens kijken")
    assert act(world.coordinator, queries.request_page, request_id).remark == "Nog eens kijken"
    with pytest.raises(NotVisible):
        act(officer, packing.pack_of, request_id)
    assert all_of(Task, Task.id == task.id)[0].ended_at
    read = all_of(
        AuditEvent, AuditEvent.person_id == officer.id, AuditEvent.object_kind == "section"
    )
    assert not read or {one.ground for one in read} == {"task"}


def test_the_terms_are_those_of_the_table_and_law_and_destruction_waits(world):
    for regime, due in (
        (Regime.AVG, date(2026, 7, 1)),
        (Regime.WPG, date(2026, 7, 13)),
        (Regime.WJSG, date(2026, 6, 29)),
    ):
        request_id = act(world.coordinator, service.take_in, intake(world, regime=regime))
        assert all_of(AccessRequest, AccessRequest.id == request_id)[0].due_on == due
    with pytest.raises(Refusal, match=Reason.STATE_NOT_ALLOWED):
        act(world.coordinator, service.extend, request_id)
    request_id = act(world.coordinator, service.take_in, intake(world))
    act(world.coordinator, service.extend, request_id)
    assert all_of(AccessRequest, AccessRequest.id == request_id)[0].due_on == date(2026, 9, 1)
    with wall.acting_as(world.coordinator.id), transaction() as session:
        case = session.get_one(Case, world.case.id)
        case.state, case.closed_at = CaseState.CLOSED, clock.now() - timedelta(days=400)
    with pytest.raises(Refusal, match=Reason.NOTHING_DUE):
        act(world.coordinator, keeping.prepare, world.table.id)


def test_the_source_answers_from_its_start_page(world, client, mails):
    request_id = act(world.coordinator, service.take_in, intake(world))
    act(world.coordinator, service.choose_person, request_id, world.concerned.id)
    act(world.coordinator, service.ask_sources, request_id)
    builders.exclusion(world.care, world.case, world.chair)
    outbox.drain()
    told = {one.to: one for one in mails()}
    assert set(told) == {world.police.email}, "asked again before it leaves: GGZ is barred by now"
    assert world.case.reference not in told[world.police.email].text
    home = client.sign_in(world.police.id).page("/")
    [link] = [one for one in home.links if one.startswith("/my-views/")]
    assert link in told[world.police.email].text
    page = client.page(link)
    assert "Kanarieaanleiding" in page.text
    assert "Kanarieveiligheid" not in page.text
    assert client.fill(link, {"opinion": "no"}).status_code == 422
    assert client.fill(link, {"opinion": "yes"}).status_code == 303
    assert not [one for one in client.page("/").links if one.startswith("/my-views/")]
    assert client.sign_in(world.police_colleague.id).get(link).status_code == 404


def test_whoever_has_something_to_answer_finds_it_on_the_start_page(
    world, officer, client, mails, count_statements
):
    """Also staff who speak for their organisation, and a privacy officer, who is told by mail."""
    builders.role(world.coordinator, world.table, TableRoleName.REPRESENTATIVE)
    request_id = act(world.coordinator, service.take_in, intake(world))
    act(world.coordinator, service.choose_person, request_id, world.concerned.id)
    act(world.coordinator, service.ask_sources, request_id)
    client.sign_in(world.coordinator.id)
    with count_statements() as sent:
        home = client.page("/")
    assert len(sent) <= 8
    assert "1 verzoek te beantwoorden" in home.text
    [link] = [one for one in home.links if one.startswith("/my-views/")]
    assert client.fill(link, {"opinion": "part", "reason": "Niet alles"}).status_code == 303
    to = {"reviewer_id": officer.id}
    act(world.coordinator, answering.submit, request_id, AnswerKind.NEITHER, **to)
    assert "te beantwoorden" not in client.page("/").text
    outbox.drain()
    assert officer.email in {one.to for one in mails()}
    page = client.sign_in(officer.id).page("/")
    assert "1 antwoord om te toetsen" in page.text
    review = client.page(f"/access-requests/{request_id}/review")
    assert "Niet alles" in review.text, "what the sources say shows to who judges"
    act(world.coordinator, answering.take_back, request_id)
    assert client.get(f"/access-requests/{request_id}/review").status_code == 404
    assert act(world.coordinator, queries.request_page, request_id).is_new
    # A mail that was not sent yet says nothing of an answer that was taken back.
    act(world.coordinator, answering.submit, request_id, AnswerKind.NEITHER, **to)
    act(world.coordinator, answering.take_back, request_id)
    before = len(mails())
    outbox.drain()
    assert len(mails()) == before


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Een zin. Nog een zin! En een vraag? Ja.", 4),
        ("Regel een\nRegel twee", 2),
        ("Op 3.5.2026 om 13.10 uur. Dhr. de Wit kwam.", 2),
        ("", 0),
    ],
)
def test_a_text_falls_into_sentences_and_lines(text: str, parts: int):
    assert len(passages(text)) == parts
    assert list(redacted(text, [None] * parts)) == list(passages(text))


def test_an_answer_is_not_whole_without_what_a_hidden_source_keeps_back():
    for is_hidden, opinion, withheld in (
        (True, SourceOpinion.NO, True),
        (True, SourceOpinion.YES, False),
        (False, SourceOpinion.NO, False),
    ):
        view = SimpleNamespace(is_hidden=is_hidden, SourceView=SimpleNamespace(opinion=opinion))
        assert answering.is_withheld([view]) == withheld


def test_how_much_was_left_out_is_not_told():
    ground = RedactionGround.SAFETY
    assert list(redacted("A. B. C. D.", [None, ground, ground, None])) == ["A.", ground, "D."]


def test_a_request_without_a_case_goes_by_itself_after_the_term(world, officer):
    request_id = act(world.coordinator, service.take_in, intake(world, reference=""))
    act(world.coordinator, answering.submit, request_id, AnswerKind.NEITHER, reviewer_id=officer.id)
    act(officer, answering.review, request_id, approve=True, remark="")
    act(world.coordinator, answering.close, request_id)
    assert forgetting.forget_settled() == 0
    clock._current.advance(timedelta(days=185))
    assert forgetting.forget_settled() == 1
    assert not all_of(AccessRequest)
    assert not crypto.store().destroy(KeyScope.of_request(request_id))
