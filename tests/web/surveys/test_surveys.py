"""Five questions to partners: asked of all, answered once without a name, told when it is over."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from sqlalchemy import select

from app.access.oversight.measurements import Span
from app.domain import survey
from app.domain.kinds import MeasurementKind, OrganisationKind
from app.features.surveys import service
from app.infra import clock, outbox
from app.infra.db import reading
from app.models import (
    AuditEvent,
    ClosedQuarter,
    Measurement,
    SubmitKey,
    Survey,
    SurveyInvitation,
    SurveyTally,
)
from tests import builders, surveys
from tests.cases import rows
from tests.feeds import actor_of
from tests.racing import race

ALL_FOUR = {f"question_{number}": "4" for number in range(1, 6)}


@pytest.fixture
def world(app):
    return builders.small_world()


@pytest.fixture
def partners(world):
    """Five more who represent a partner, and one whose organisation signed nothing."""
    with builders.together():
        people = [builders.representative(world.police_organisation, world.table) for _ in range(5)]
        unsigned = builders.organisation("LOS", OrganisationKind.MUNICIPALITY)
        builders.representative(unsigned, world.table)
    return people


def pairs(statement):
    with reading() as session:
        return [tuple(row) for row in session.execute(statement)]


def closed(*quarters: date) -> None:
    builders.save_all(*(ClosedQuarter(first_on=one, closed_at=clock.now()) for one in quarters))


def test_partners_are_asked_once_and_answer_once_without_a_name(
    client, world, partners, mails, frozen_clock
) -> None:
    path = f"/tables/{world.table.id}/measurements/baseline/questions"
    staff = client.sign_in(world.coordinator.id)
    in_a_week = f"{clock.today() + timedelta(days=7):%d-%m-%Y}"
    assert staff.fill(path, {"closes_on": "01-01-2020"}).status_code == 422
    assert staff.fill(path, {"closes_on": in_a_week}).status_code == 303
    assert "al gesteld" in staff.fill(path, {"closes_on": in_a_week}).text
    asked = rows(select(SurveyInvitation.person_id))
    assert set(asked) >= {one.id for one in partners}
    assert len(asked) == len(rows(select(SurveyInvitation))) < 5 + 4, "nobody without a covenant"
    outbox.drain()
    one = partners[0]
    (mail,) = mails(recipient=one.email)
    survey_id = rows(select(Survey.id))[0]
    assert f"/surveys/{survey_id}" in mail.text
    partner = client.sign_in(one.id)
    assert "Vijf vragen over de samenwerking" in partner.page("/").text
    answer = f"/surveys/{survey_id}"
    assert partner.fill(answer, {"question_1": "4"}).status_code == 422
    assert partner.fill(answer, {**ALL_FOUR, "question_1": "6"}).status_code == 422
    assert partner.fill(answer, ALL_FOUR).status_code == 303
    assert partner.get(answer).status_code == 404, "a second answer is not asked for"
    assert "Vijf vragen over de samenwerking" not in partner.page("/").text
    tally = select(SurveyTally.question, SurveyTally.score).where(SurveyTally.number > 0)
    assert set(pairs(tally)) == {(number, 4) for number in range(1, 6)}
    assert not rows(select(SubmitKey).where(SubmitKey.person_id == one.id))
    (line,) = rows(select(AuditEvent).where(AuditEvent.object_kind == "survey"))
    assert line.person_id == world.coordinator.id, "that it was asked; no line says who answered"
    outsider = client.sign_in(world.police_colleague.id)
    assert outsider.get(answer).status_code == 404
    frozen_clock.moment += timedelta(days=30)
    late = client.sign_in(partners[1].id)
    assert late.get(answer).status_code == 404


def test_of_two_at_once_one_fixes_a_period_and_one_asks(app, world, partners, mails) -> None:
    quarters = [date(2025, month, 1) for month in (1, 4, 7, 10)]
    closed(*quarters)
    staff = [actor_of(one) for one in (world.chair, world.coordinator)]
    closes_at = clock.now() + timedelta(days=7)
    halves = {MeasurementKind.BASELINE: quarters[:2], MeasurementKind.SECOND: quarters[2:]}
    for number, (kind, (first, last)) in enumerate(halves.items(), 1):
        spans = (Span(first, first), Span(last, last))
        fixed = [
            (one, partial(service.fix, one, world.table.id, kind, span))
            for one, span in zip(staff, spans, strict=True)
        ]
        assert sorted(race(app, *fixed)) == [False, True]
        asked = [(one, partial(service.ask, one, world.table.id, kind, closes_at)) for one in staff]
        assert sorted(race(app, *asked)) == [False, True]
        assert len(rows(select(Measurement.id))) == len(rows(select(Survey.id))) == number
        assert len(rows(select(SurveyInvitation.person_id))) == number * len(
            set(rows(select(SurveyInvitation.person_id)))
        )
        outbox.drain()
        assert len(mails(recipient=partners[0].email)) == number
    events = rows(select(AuditEvent.object_kind).where(AuditEvent.table_id == world.table.id))
    kinds = sorted(one for one in events if one.startswith(("measurement-", "survey")))
    assert kinds == ["measurement-baseline", "measurement-second", "survey", "survey"]


@pytest.mark.parametrize(
    ("scores", "said"),
    [({5: 3, 4: 1}, "minder dan vijf mensen"), ({5: 4, 2: 1}, "4,5"), ({5: 6}, "≥ 4,5")],
)
def test_what_came_of_it_shows_when_it_is_over_and_of_five_or_more(
    client, world, frozen_clock, scores, said
) -> None:
    several = [world.police, world.care, world.chair, world.coordinator, world.police_colleague]
    surveys.asked(world.table, several, world.coordinator, scores)
    staff = client.sign_in(world.coordinator.id)
    path = f"/tables/{world.table.id}/measurements"
    assert said not in staff.page(path).text
    frozen_clock.moment += timedelta(days=21)
    assert said in client.sign_in(world.coordinator.id).page(path).text


def test_too_few_partners_are_not_asked(client, world) -> None:
    staff = client.sign_in(world.coordinator.id)
    path = f"/tables/{world.table.id}/measurements/second/questions"
    answer = staff.fill(path, {"closes_on": f"{clock.today() + timedelta(days=7):%d-%m-%Y}"})
    assert "minder dan vijf vertegenwoordigers" in answer.text
    assert not rows(select(Survey.id))


def test_a_second_measurement_is_as_long_as_the_baseline_and_comes_after_it(client, world) -> None:
    first, second, third = date(2025, 7, 1), date(2025, 10, 1), date(2026, 1, 1)
    closed(first, second, third)
    staff = client.sign_in(world.chair.id)
    path = f"/tables/{world.table.id}/measurements"

    def fix(kind, first_on, last_on):
        chosen = {"first_on": first_on.isoformat(), "last_on": last_on.isoformat()}
        looked = staff.fill(f"{path}/{kind}", chosen)
        if looked.status_code != 200:
            return looked.text
        return staff.send(f"{path}/{kind}", staff.last.form(kind).filled({})).text

    assert "eerst de periode van de nulmeting" in fix("second", first, first)
    assert "einde dat niet voor het begin" in fix("baseline", second, first)
    fix("baseline", first, first)
    assert "verandert niet meer" in fix("baseline", second, second)
    assert "begin na het einde" in fix("second", first, first)
    assert "evenveel kwartalen" in fix("second", second, third)
    fix("second", third, third)
    assert "verandert niet meer" in fix("second", second, second)
    fixed = {one.kind: (one.first_on, one.last_on) for one in rows(select(Measurement))}
    assert fixed == {
        MeasurementKind.BASELINE: (first, first), MeasurementKind.SECOND: (third, third),
    }  # fmt: skip
    page = staff.page(path).text
    assert "3e kwartaal 2025" in page
    assert "1e kwartaal 2026" in page
    unclosed = {"first_on": "2026-04-01", "last_on": "2026-04-01"}
    assert staff.fill(f"{path}/second", unclosed).status_code == 422
    assert staff.get(f"{path}/third").status_code == 404
    other = client.sign_in(world.police.id)
    assert other.get(path).status_code in (403, 404)


def test_what_is_fixed_for_good_is_looked_at_first(client, world) -> None:
    first, second = date(2025, 7, 1), date(2025, 10, 1)
    closed(first, second)
    staff = client.sign_in(world.chair.id)
    path = f"/tables/{world.table.id}/measurements/baseline"
    looked = staff.fill(path, {"first_on": first.isoformat(), "last_on": second.isoformat()})
    assert looked.status_code == 200
    page = staff.last
    for words in (
        world.table.name, "Nulmeting", "dinsdag 1 juli 2025", "woensdag 31 december 2025",
        "Dit kunt u daarna niet meer wijzigen.", "Er is nog niets opgeslagen.",
    ):  # fmt: skip
        assert words in page.text
    assert not rows(select(Measurement)), "nothing is stored before"
    fields = page.form("baseline").filled({})
    other = staff.send(path, {**fields, "last_on": first.isoformat()})
    assert other.status_code == 200
    assert "dinsdag 30 september 2025" in staff.last.text, "another period is looked at anew"
    assert not rows(select(Measurement))
    assert staff.send(path, fields).status_code == 303
    (kept,) = rows(select(Measurement))
    assert (kept.first_on, kept.last_on) == (first, second)


def test_a_mean_is_told_in_tenths_of_five_answers_or_more_and_never_of_one_mind() -> None:
    tally = {(number, 5): 2 for number in range(1, 6)} | {(number, 2): 3 for number in range(1, 6)}
    means = (Decimal("3.0"),) * 5
    assert survey.results_of(tally, asked=10) == survey.Results(5, means)
    assert survey.results_of(tally, asked=5) == survey.Results(5, means)
    assert survey.results_of(tally, asked=9) == survey.Results(None, means), "four are silent"
    assert survey.results_of(tally, asked=8) == survey.Results(None), "it would be five of eight"
    tally[1, 2] -= 1
    assert survey.results_of(tally, asked=10) == survey.Results(None)
    many = {key: number * 2 for key, number in tally.items() if key[0] > 1} | {(1, 5): 4, (1, 2): 6}
    assert survey.results_of(many, asked=30) == survey.Results(10, (Decimal("3.2"),) * 5)
    of_one_mind = {(number, 5 if number % 2 else 1): 6 for number in range(1, 6)}
    told = survey.results_of(of_one_mind, asked=30)
    assert told.means == tuple(map(Decimal, ("4.5", "1.5", "4.5", "1.5", "4.5")))
