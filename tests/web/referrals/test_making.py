"""A partner refers a case in four steps; what is written is the writer's alone until it is sent."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from app.access.referrals.words import sealed_late
from app.domain import presets
from app.domain.kind_document import dump
from app.domain.kinds import (
    AccountState,
    CaseState,
    OrganisationKind,
    ReferralState,
    TableKind,
    Urgency,
)
from app.infra import clock, crypto, outbox, wall
from app.infra.crypto import KeyScope
from app.infra.db import db, reading
from app.models import (
    Case,
    CaseClock,
    CaseTable,
    Exclusion,
    IdentityMark,
    Informing,
    KindVersion,
    Person,
    PersonConcerned,
    Referral,
    Section,
    WebSession,
)
from app.web import housekeeping
from tests import builders
from tests.referring import (
    CANARIES,
    MATTER,
    begin,
    criteria_of,
    household,
    id_of,
    press,
    rows,
    sent,
    written,
)
from tests.seats import change, later


def test_a_whole_journey_makes_one_case_and_leaves_its_referrer_the_status_alone(
    referrer, staff, world
):
    path = written(referrer, world.table)
    page = referrer.page(f"{path}/check")
    assert "Kanarievraag" in page.text
    assert "Kanarienaam" not in page.text
    assert "Is er vandaag acuut gevaar?" in page.text
    assert "Hoe kwam dit bij u binnen?" in page.text
    unmet, criteria = "Niet elk verplicht criterium past.", criteria_of(referrer, path)
    assert unmet not in page.text
    referrer.fill(f"{path}/criteria", {"required": []})
    assert unmet in referrer.page(f"{path}/check").text
    referrer.fill(f"{path}/criteria", {"required": criteria})
    page = referrer.page(f"{path}/check")
    form = page.form("/check")
    first = referrer.send(f"{path}/check", form.filled({}))
    again = referrer.send(f"{path}/check", form.filled({}))
    tab = referrer.send(f"{path}/check", {**form.filled({}), "submit_key": "another tab"})
    assert (first.status_code, again.location) == (303, first.location)
    assert (tab.status_code, tab.location) == (303, first.location)
    (referral,) = rows(select(Referral))
    assert (referral.state, referral.draft_ct, referral.urgency) == (
        ReferralState.SENT, None, Urgency.SOON,
    )  # fmt: skip
    (case,) = rows(select(Case).where(Case.id == referral.case_id))
    assert (case.state, case.table_id) == (CaseState.REFERRED, world.table.id)
    assert len(rows(select(Section).where(Section.case_id == case.id))) == 3
    assert len(rows(select(PersonConcerned).where(PersonConcerned.case_id == case.id))) == 1
    assert len(rows(select(IdentityMark).where(IdentityMark.case_id == case.id))) == 1
    (told,) = rows(select(Informing).where(Informing.case_id == case.id))
    assert told.informed_on is None
    clocks = rows(select(CaseClock).where(CaseClock.case_id == case.id))
    assert referral.due_at == min(one.due_at for one in clocks)
    text = referrer.page(path).text
    assert "Ontvangen" in text
    assert "controleert op dubbele aanmeldingen" in text
    assert not [word for word in (*CANARIES, case.reference) if word in text]
    assert referrer.get(f"/cases/{case.id}").status_code == 404
    assert "Kanarievraag" in staff.page(f"/cases/{case.id}").text
    assert "formulier" in staff.last.text


def test_a_step_that_misses_something_says_so_and_keeps_what_was_typed(referrer, world):
    path = begin(referrer, world.table)
    empty = referrer.fill(f"{path}/matter")
    assert empty.status_code == 422
    for words in ("Schrijf de vraag op.", "Schrijf op wat er speelt.", "Kies hoe snel"):
        assert words in empty.text
    long = referrer.fill(f"{path}/matter", {**MATTER, "tried": "x" * 10_001})
    assert long.status_code == 422
    assert "Kanarievraag" in long.text
    assert press(referrer, f"{path}/matter", {"question": "Alvast dit"}, "keep").status_code == 303
    assert "Alvast dit" in referrer.page(f"{path}/matter").html
    early = referrer.send(f"{path}/check")
    assert early.status_code == 422
    assert "Noem ten minste één betrokkene." in early.text
    assert rows(select(Referral.state)) == [ReferralState.DRAFT]


def test_a_household_has_at_most_twelve_people_who_were_born_and_have_a_role(referrer, world):
    path = begin(referrer, world.table)
    person = {"role": "child", "label": "kind"}

    def tried(**more):
        token = referrer.page(f"{path}/household").form().filled({})
        return referrer.send(f"{path}/household", {**token, **household(), **more})

    many = {
        f"members-{number}-{name}": value for number in range(13) for name, value in person.items()
    }
    for more, words in (
        (many, "hoogstens 12 betrokkenen"),
        ({"members-0-born": "03-12-2031"}, "ligt niet in de toekomst"),
        ({"members-0-role": ""}, "Kies een rol."),
        ({"members-0-label": ""}, "Schrijf een aanduiding"),
        ({"informed": "", "reason": ""}, "Kies ja of nee."),
        ({"informed": "no", "reason": ""}, "Schrijf op waarom"),
        ({"informed": "yes", "informed_on": "03-12-2031"}, "al is geweest"),
    ):
        answer = tried(**more)
        assert (answer.status_code, words in answer.text) == (422, True), words
    twelve = {name: value for name, value in many.items() if not name.startswith("members-12")}
    assert tried(**twelve).status_code == 303
    page = referrer.page(f"{path}/household")
    assert "Betrokkene 12" in page.text
    assert "Betrokkene 13" not in page.text


def test_the_chooser_explains_its_advice_and_a_person_decides(referrer, world):
    change(CaseTable, CaseTable.id == world.other_table.id, kind=TableKind.ACTION)
    referrer.fill("/referrals/new", {"acute": "yes", "stuck": "yes"}, follow_redirects=True)
    first, second = referrer.last.text.find("actie-overleg"), referrer.last.text.find("MDA++")
    assert 0 < first < second
    assert "Het advies beslist niet" in referrer.last.text
    path = referrer.last_path
    undecided = referrer.fill(path)
    assert undecided.status_code == 422
    assert "Kies een overleg." in undecided.text
    changed = referrer.fill(
        path, {"acute": "no", "stuck": "no", "chains": "no", "protection": "no"}
    )
    assert "Niets wijst naar een van deze overleggen" in changed.text, "of the answers just given"
    asked = press(referrer, path, {"acute": "no", "stuck": "no", "chains": "no"}, "more")
    assert asked.status_code == 303
    assert press(referrer, path, {"protection": "no"}, "more").status_code == 303
    assert "Niets wijst naar een van deze overleggen" in referrer.page(path).text


def test_two_tabs_see_each_others_words_and_a_form_sent_twice_counts_once(referrer, world):
    path = begin(referrer, world.table)
    tab = referrer.page(f"{path}/matter").form()
    mine = tab.filled({**MATTER, "cause": "Uit het ene venster"})
    assert referrer.send(f"{path}/matter", mine).status_code == 303
    assert referrer.send(f"{path}/matter", mine).status_code == 303
    other = referrer.send(f"{path}/matter", {**mine, "cause": "Uit het andere venster"})
    assert other.status_code == 409
    assert "Uit het ene venster" in other.text
    assert "Uit het andere venster" in other.text
    again = referrer.last.form().filled({})
    assert referrer.send(f"{path}/matter", again).status_code == 303
    assert "Uit het andere venster" in referrer.page(f"{path}/matter").html


def test_a_draft_opens_for_nobody_else_and_goes_for_good(new_client, referrer, world):
    path = begin(referrer, world.table)
    referrer.fill(f"{path}/matter", MATTER)
    for other in (world.police, world.coordinator, world.administrator, world.care):
        visitor = new_client().sign_in(other.id)
        for page in ("table", "matter", "criteria", "household", "check"):
            assert visitor.get(f"{path}/{page}").status_code == 404
        assert visitor.send(f"{path}/discard").status_code == 404
        with wall.acting_as(other.id), reading() as session:
            mine = session.scalars(select(Referral)).all()
        assert not (mine and database_is_walled())
    scope = KeyScope.of_referral(id_of(path))
    assert crypto.store().keys_of([scope])
    assert referrer.fill(f"{path}/check", action="/discard").status_code == 303
    outbox.drain(most=100)
    assert crypto.store()._find(scope) is None
    assert not rows(select(Referral.id))


def database_is_walled() -> bool:
    return db.engine.dialect.name == "postgresql"


def test_a_draft_nobody_touched_for_thirty_days_is_told_and_destroyed(referrer, world, mails):
    path = written(referrer, world.table)
    later(days=29, hours=23)
    housekeeping.tidy()
    assert rows(select(Referral.id))
    later(hours=2)

    def save_meanwhile(asked) -> None:
        if asked.is_delete and Referral.__table__ in {one.local_table for one in asked.all_mappers}:
            asked.session.execute(update(Referral).values(changed_at=clock.now()))

    event.listen(Session, "do_orm_execute", save_meanwhile)
    housekeeping.tidy()
    event.remove(Session, "do_orm_execute", save_meanwhile)
    assert rows(select(Referral.id)), "it was saved between"
    later(days=31)
    housekeeping.tidy()
    outbox.drain(most=100)
    assert not rows(select(Referral.id))
    assert crypto.store()._find(KeyScope.of_referral(id_of(path))) is None
    (mail,) = mails(recipient=world.police_colleague.email)
    assert "weggegooid" in mail.subject
    assert not [one for one in CANARIES if one in mail.text]


def test_a_table_that_ended_and_criteria_that_changed_are_asked_again(referrer, world):
    path = written(referrer, world.table)
    change(CaseTable, CaseTable.id == world.table.id, ended_at=clock.now())
    ended = referrer.send(f"{path}/check")
    assert ended.status_code == 422
    assert "neemt geen aanmeldingen meer aan" in ended.text
    change(CaseTable, CaseTable.id == world.table.id, ended_at=None)
    new_version(world, KindVersion)
    changed = referrer.send(f"{path}/check")
    assert changed.status_code == 422
    assert "Loop ze opnieuw na" in changed.text
    assert "gewijzigd sinds u ze invulde" in referrer.page(f"{path}/criteria").text
    assert referrer.fill(f"{path}/criteria").status_code == 303
    assert referrer.fill(f"{path}/check", action="/check").status_code == 303
    (referral,) = rows(select(Referral))
    assert (referral.state, referral.kind_version) == (ReferralState.SENT, 1)


def new_version(world, model) -> None:
    builders.save(
        model(
            kind_code="mda", number=1, from_at=clock.now(), made_at=clock.now(),
            document=dump(presets.SHIPPED["mda"]), made_by_id=world.administrator.id,
        )
    )  # fmt: skip


def test_who_lost_the_account_supervises_sets_up_or_is_a_guest_refers_nothing(
    new_client, referrer, world
):
    path = written(referrer, world.table)
    change(Person, Person.id == world.police_colleague.id, state=AccountState.BLOCKED)
    assert referrer.get(f"{path}/check").status_code == 303
    change(Person, Person.id == world.police.id, is_supervisor=True)
    change(Person, Person.id == world.care.id, ends_at=clock.now() + timedelta(days=3))
    for other in (world.police, world.care, world.administrator):
        visitor = new_client().sign_in(other.id)
        assert visitor.get("/referrals/new").status_code == 404
        assert "Casus aanmelden" not in visitor.page("/").text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_step_asks_at_most_eight_statements_however_much_there_is(
    referrer, world, count_statements
):
    few = _asked(referrer, begin(referrer, world.table), count_statements)
    with builders.together():
        for number in range(12):
            at = builders.table(f"Tafel {number}", f"TAF{number}")
            of = builders.organisation(f"ORG{number}", OrganisationKind.OTHER)
            builders.covenant(of, world.table)
            builders.covenant(of, at)
    many = _asked(referrer, begin(referrer, world.table), count_statements)
    assert many == few
    assert max(few.values()) <= 8, few


def _asked(client, path: str, counted) -> dict[str, int]:
    found = {}
    fields = {"matter": MATTER, "household": household()}
    for step in ("table", "matter", "criteria", "household", "check"):
        with counted() as seen:
            assert client.get(f"{path}/{step}").status_code == 200
        found[f"get {step}"] = len(seen)
        form = client.last.form()
        if step == "check":
            continue
        with counted() as seen:
            answer = client.send(f"{path}/{step}", form.filled(fields.get(step, {})))
        assert answer.status_code == 303
        found[f"post {step}"] = len(seen)
    return found


def test_sending_looks_and_costs_the_same_whether_or_not_anybody_came_before(
    referrer, staff, world, count_statements
):
    def sent_case(path):
        case_id = rows(select(Referral.case_id).where(Referral.id == id_of(path)))[0]
        return rows(select(Case).where(Case.id == case_id))[0]

    barred = builders.coordinator(world.host, world.table, "E. Ander")
    stepped_back = builders.coordinator(world.host, world.table, "T. Terug")
    paths = [written(referrer, world.table) for _ in range(2)]
    answers, asked = [], []
    for path in paths:
        form = referrer.page(f"{path}/check").form("/check")
        with count_statements() as seen:
            referrer.send(f"{path}/check", form.filled({}))
        asked.append(len(seen))
        page = referrer.page(path).html
        answers.append(re.sub(r'(?<=value=")[^"]{20,}', "", page.replace(path, "")))
        if len(answers) == 1:
            builders.exclusion(barred, sent_case(path), world.chair)
            builders.exclusion(world.police_colleague, sent_case(path), world.chair)
            builders.recusal(stepped_back, sent_case(path))
    second = sent_case(paths[1])
    found = rows(select(Exclusion).where(Exclusion.case_id == second.id))
    assert {(one.person_id, one.recorded_by_id) for one in found} == {
        (barred.id, world.chair.id), (stepped_back.id, stepped_back.id),
    }, "whom the case before bars, this one bars from its start"  # fmt: skip
    assert {one.from_at for one in found} == {clock.now()}
    staff.sign_in(barred.id).page(f"/cases/{second.id}", status=404)
    seen = staff.sign_in(world.coordinator.id).page(f"/cases/{second.id}").text
    assert "Kanarievraag" in seen
    assert seen.count("Overgenomen van een eerdere casus van dezelfde betrokkene.") == 2
    assert len(set(rows(select(IdentityMark.mark)))) == 1
    assert asked[0] == asked[1]
    assert answers[0] == answers[1]


def test_a_table_with_a_closing_time_asks_why_it_cannot_wait_and_keeps_that_sealed(referrer, world):
    assert 'name="late"' not in referrer.page(f"{begin(referrer, world.table)}/matter").html
    change(CaseTable, CaseTable.id == world.table.id, kind=TableKind.SAFETY_HOUSE)
    path = sent(referrer, world.table, matter={"late": "Kanarielaat"})
    (referral,) = rows(select(Referral).where(Referral.id == id_of(path)))
    assert crypto.unseal(sealed_late(referral)) == "Kanarielaat"
    assert "Kanarielaat" not in referrer.page(path).text


def test_every_step_is_in_english_too(referrer, world):
    change(Person, Person.id == world.police_colleague.id, language="en")
    path = written(referrer, world.table)
    for step, words in (
        ("table", "The advice does not decide"),
        ("matter", "What has been tried already?"),
        ("criteria", "Required criteria"),
        ("household", "Does the family know"),
        ("check", "required criteria"),
    ):
        page = referrer.page(f"{path}/{step}")
        assert words in page.text
        assert not [one for one in ("overleg", "aanmelding", "gezin ") if one in page.text]


def test_what_was_typed_as_the_session_ended_comes_back_row_by_row(referrer, world):
    path = begin(referrer, world.table)
    typed = referrer.page(f"{path}/household").form().filled(household())
    change(WebSession, last_seen_at=clock.now() - timedelta(hours=3))
    away = referrer.send(f"{path}/household", typed)
    assert away.status_code == 303
    referrer.sign_in(world.police_colleague.id)
    page = referrer.page(f"{path}/household?restored=1")
    sent_again = page.form().filled({})
    assert sent_again["members-0-label"] == ["Kanariemoeder"]
    assert sent_again["informed"] == ["no"]
    assert referrer.send(f"{path}/household", sent_again).status_code == 303
