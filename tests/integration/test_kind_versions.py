"""On its day the tables of a kind follow a new version; what was recorded before stays as it was."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from app.access.administration import ground_rules, kinds_in_force
from app.access.meetings.quorum import required_column
from app.domain import presets
from app.domain.errors import StaleEdit
from app.domain.kind_document import Criterion, Words
from app.domain.kinds import ReferralState, RequiredRole, TableKind, TermSubject
from app.domain.local_time import local_date
from app.features.kinds import applying, service
from app.features.tables import beginnings
from app.infra import clock
from app.infra.db import db, transaction
from app.models import (
    Acceptance,
    CaseTable,
    ConfidentialityText,
    Disclosure,
    KindVersion,
    Meeting,
    Referral,
    ReferralCriterion,
    Section,
    SectionType,
    StandardDisclosure,
    TableTerm,
)
from tests import builders
from tests.actions import drain, later
from tests.minutes import adopt, closed_world, extract_url
from tests.seats import actor_of

MDA = presets.document_of(TableKind.MDA)


@pytest.fixture
def world(app):
    """An MDA++ table as it is made, with a meeting that is over and one that is to come."""
    made = closed_world()
    adopt(made)
    with transaction() as session:
        table = session.get_one(CaseTable, made.table.id)
        table.confidentiality_nl, table.confidentiality_en = (
            MDA.confidentiality.nl,
            MDA.confidentiality.en,
        )
        beginnings.complete(session, table, MDA)
        ground_rules.begin(session, table, MDA.required_roles)
        for row in session.scalars(select(Section)):
            if row.id == made.sections["safety"].id:
                row.section_type_id = _type_of(session, table, "history").id
    return made


def _type_of(session, table, code):
    return session.scalars(
        select(SectionType).where(SectionType.table_id == table.id, SectionType.code == code)
    ).one()


def rows(model, *conditions):
    with transaction() as session:
        return session.scalars(select(model).where(*conditions)).all()


def asked_of(meeting):
    with transaction() as session:
        found = session.scalar(select(required_column()).where(Meeting.id == meeting.id))
    return set((found or "").split(",")) - {""}


def changed(document):
    """Another scheme, audience, roles, criteria, statement and periods, all at once."""
    kept = tuple(one for one in document.sections if one.code not in ("history", "protective"))
    new = replace(kept[1], code="own-1", label_nl="Wonen", label_en="Housing")
    renamed = tuple(
        replace(one, label_nl="Zorg", label_en="Care") if one.code == "care" else one
        for one in kept
    )
    gets = tuple(one for one in document.disclosures if one.section_code != "children")
    more = replace(gets[0], section_code="own-1", ground="Nieuwe grondslag")
    months = {**(document.regime.keep_months or {}), TermSubject.KEEP_SUMMARY: 12}
    return replace(
        document,
        sections=(*renamed, new),
        disclosures=(*gets, more),
        required_roles=(RequiredRole.POLICE, RequiredRole.MUNICIPALITY),
        criteria=(Criterion("own-2", Words("Iets anders.", "Something else.")),),
        confidentiality=Words("Wij zwijgen.", "We are silent."),
        regime=replace(document.regime, keep_months=months),
        correction_working_days=8,
        opens_working_days=7,
    )


def scheme_of(table):
    return {one.code: one.label_nl for one in rows(SectionType, SectionType.table_id == table.id)}


def standards_of(table):
    codes = {one.id: one.code for one in rows(SectionType)}
    found = rows(StandardDisclosure, StandardDisclosure.table_id == table.id)
    return {(one.organisation_kind, codes[one.section_type_id]) for one in found}


def test_the_tables_of_a_kind_follow_on_the_day_and_what_was_recorded_stays(world, client):
    table, boss = world.table, actor_of(world.administrator)
    referral = builders.save(
        Referral(
            case_id=world.case.id, table_id=table.id, person_id=world.police.id,
            organisation_id=world.police_organisation.id, state=ReferralState.ACCEPTED,
            started_at=clock.now(), changed_at=clock.now(),
        )
    )  # fmt: skip
    builders.save(ReferralCriterion(referral_id=referral.id, code="structural", is_met=True))
    coming = builders.meeting(table)
    police = client.sign_in(world.police.id)
    extract, recorded = police.page(extract_url(world)).text, len(rows(Disclosure))
    accepted = {(one.person_id, one.meeting_id) for one in rows(Acceptance)}
    before = scheme_of(table), standards_of(table)
    day = local_date(clock.now() + timedelta(days=2))
    service.change_kind(boss, "mda", changed, from_on=day, version=0)

    drain()
    assert (scheme_of(table), standards_of(table)) == before
    assert asked_of(coming) == {"veilig-thuis", "police", "care"}
    later(days=2)
    drain()

    scheme, standards = scheme_of(table), standards_of(table)
    assert scheme["own-1"] == "Wonen"
    assert scheme["care"] == "Zorg"
    assert "history" in scheme, "a case uses it"
    assert "protective" not in scheme
    gone = {pair for pair in before[1] if pair[1] in ("children", "history", "protective")}
    assert before[1] - standards >= gone
    assert {code for _kind, code in standards - before[1]} == {"own-1"}
    (held,) = rows(CaseTable, CaseTable.id == table.id)
    assert (held.opens_working_days, held.minutes_per_item) == (7, 30), "30 is the table's own"
    assert held.confidentiality_nl == "Wij zwijgen."
    assert {one.version for one in rows(ConfidentialityText)} == {1, 2}
    assert asked_of(coming) == {"police", "municipality"}
    (term,) = rows(TableTerm, TableTerm.table_id == table.id)
    assert (term.subject, term.amount, term.approved) == (TermSubject.KEEP_SUMMARY, 12, None)

    assert asked_of(world.meeting) == {"veilig-thuis", "police", "care"}
    later_on = client.sign_in(world.police.id).page(extract_url(world)).text
    assert later_on.partition("drukt op")[0] == extract.partition("drukt op")[0]
    assert len(rows(Disclosure)) == recorded
    assert {(one.person_id, one.meeting_id) for one in rows(Acceptance)} == accepted
    with transaction() as session:
        held = session.get_one(CaseTable, table.id)
        kept = session.get_one(Referral, referral.id)
        asked = kinds_in_force.version_of(session, held, kept.kind_version).document.criteria
        now = kinds_in_force.in_force(session, held, clock.now())
    assert "structural" in {one.code for one in asked}
    assert (now.number, [one.code for one in now.document.criteria]) == (1, ["own-2"])


def test_a_version_is_applied_once_and_one_that_waits_not_at_all(world):
    boss = actor_of(world.administrator)
    today, later_on = local_date(clock.now()), local_date(clock.now() + timedelta(days=30))
    service.change_kind(boss, "mda", changed, from_on=today, version=0)
    service.change_kind(boss, "mda", _roomy, from_on=later_on, version=1)
    drain()
    assert scheme_of(world.table)["own-1"] == "Wonen"
    with transaction() as session:
        wonen = _type_of(session, world.table, "own-1")
        wonen.label_nl = "Eigen naam"
        session.get_one(CaseTable, world.table.id).opens_working_days = 5
    applying.apply_due("mda")
    assert scheme_of(world.table)["own-1"] == "Eigen naam"
    assert rows(CaseTable, CaseTable.id == world.table.id)[0].opens_working_days == 5
    assert {one.number: one.applied_at is None for one in rows(KindVersion)} == {1: False, 2: True}
    assert rows(CaseTable, CaseTable.id == world.other_table.id)[0].opens_working_days == 7


def _roomy(document):
    return replace(document, opens_working_days=9)


def test_of_four_changes_at_once_one_stands_and_the_others_are_told(app):
    """Each started from the same version: whoever comes later sees that somebody was first."""
    boss = actor_of(builders.person(builders.organisation(), is_administrator=True))
    today, gate = local_date(clock.now()), Barrier(4, timeout=60)

    def change(_number):
        with app.app_context():
            gate.wait()
            try:
                service.change_kind(boss, "mda", _roomy, from_on=today, version=0)
            except StaleEdit:
                return 0
            finally:
                db.session.remove()
            return 1

    db.session.remove()
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(change, range(4))) == 1
    assert [one.number for one in rows(KindVersion)] == [1]
