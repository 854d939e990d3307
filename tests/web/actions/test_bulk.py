"""Several actions at once: who and what is checked first, what cannot be is skipped and said why."""

from datetime import UTC, date, datetime

from sqlalchemy import update

from app.domain.kinds import ActionState
from app.infra.db import reading, transaction
from app.models import Action, TermRequest
from tests import builders
from tests.actions import SAFE, ask_time, events, stored


def many(world, number, **more):
    return [
        builders.action(
            world.item, world.care_organisation, world.care, world.chair, safe=f"Zorg {one}", **more
        )
        for one in range(number)
    ]


def address(act, *actions) -> str:
    return f"/actions/{act}?" + "&".join(f"action={one.id}" for one in actions)


def set_(action, **values) -> None:
    with transaction() as session:
        session.execute(update(Action).where(Action.id == action.id).values(**values))


def test_the_term_of_several_changes_and_what_moved_meanwhile_is_skipped(world, action, staff):
    first, second, third, same = many(world, 4)
    set_(same, due_on=date(2026, 7, 1))
    set_(first, due_at=datetime(2026, 6, 22, 13, 30, tzinfo=UTC))
    ask_time(first, world.care, until_on=date(2026, 7, 9))
    whole = staff.page("/actions?all=1")
    ticked = [
        given for tag, given in whole.tags if tag == "input" and given.get("name") == "action"
    ]
    assert ticked
    assert all("checked" in given for given in ticked), "all of this page, without a script"
    path = address("terms", action, first, second, third, same)
    page = staff.page(path)
    for words in (SAFE, "Zorg 0", world.care.name, world.case.reference, "termijn 22-06-2026"):
        assert words in page.text
    assert staff.fill(path).status_code == 422, "which day?"
    past = staff.fill(path, {"due_on": "1-1-2026"})
    assert past.status_code == 422
    assert "Kies een datum die nog moet komen." in past.text
    fields = staff.page(path).form().filled({"due_on": "1-7-2026", "remark": "Na overleg."})
    set_(second, state=ActionState.DONE)
    set_(third, version=7)
    answer = staff.send(path, fields)
    said = staff.page(answer.location).text
    assert (
        "2 gewijzigd. Overgeslagen: GGZ Delta, termijn 22-06-2026 (intussen gewijzigd); "
        "GGZ Delta, termijn 22-06-2026 (intussen niet meer open); "
        "GGZ Delta, termijn 01-07-2026 (was al zo)." in said
    )
    assert [stored(one).due_on.month for one in (action, first, second, third)] == [7, 7, 6, 6]
    assert stored(first).due_at == datetime(2026, 7, 1, 13, 30, tzinfo=UTC), "it keeps its hour"
    assert events(action)[-1].new_due_on == date(2026, 7, 1)
    with reading() as session:
        assert session.query(TermRequest).one().answered_at, "asked for no longer"
    assert "Na overleg." in staff.page(f"/actions/{action.id}").text
    assert "niets gekozen" in staff.page("/actions/terms").text


def test_another_holder_for_several_where_that_can_be(world, action, staff, new_client):
    [mine] = many(world, 1)
    other = builders.action(
        world.second_item, world.care_organisation, None, world.chair, safe="Andere casus"
    )
    builders.exclusion(world.police, world.second_case, world.coordinator)
    path = address("holders", action, mine, other)
    assert staff.fill(path).status_code == 422, "who?"
    value = f"{world.police_organisation.id}/{world.police.id}"
    answer = staff.fill(path, {"holder": value})
    said = staff.page(answer.location).text
    assert (
        "1 gewijzigd. Overgeslagen: "
        "GGZ Delta, termijn 22-06-2026 (niet mogelijk voor deze actiehouder); "
        "Politie, termijn 22-06-2026 (was al zo)." in said
    )
    assert stored(mine).person_id == world.police.id
    assert stored(other).person_id is None
    assert events(mine)[-1].new_person_id == world.police.id
    far = new_client().sign_in(world.stranger.id)
    assert "niets gekozen" in far.page(path).text, "of another table nothing shows"
    sent = far.send(path, {"holder": value, "chosen": f"{mine.id}.2"})
    assert sent.status_code == 422
    assert stored(mine).version == 2


def test_what_was_not_ticked_for_being_too_soon_counts_as_skipped(world, action, staff):
    [soon] = many(world, 1)
    staff.fill(address("reminders", soon))
    page = staff.page(address("reminders", action, soon))
    assert "Minder dan 48 uur geleden" in page.text
    answer = staff.fill(address("reminders", action, soon))
    said = staff.page(answer.location).text
    assert (
        "1 verstuurd. Overgeslagen: GGZ Delta, termijn 22-06-2026 (vandaag al herinnerd)." in said
    )
    fields = staff.page(address("reminders", action, soon)).form().filled({"again": str(soon.id)})
    set_(soon, state=ActionState.DONE)
    said = staff.page(staff.send(address("reminders", soon), fields).location).text
    assert (
        "0 verstuurd. Overgeslagen: GGZ Delta, termijn 22-06-2026 (intussen niet meer open)."
        in said
    )


def test_of_what_shows_no_more_only_the_number_is_said(world, staff, new_client):
    first, *rest = many(world, 11)
    path = address("terms", first, *rest)
    fields = staff.page(path).form().filled({"due_on": "1-7-2026"})
    chair = new_client().sign_in(world.chair.id)
    chair.fill(address("terms", *rest), {"due_on": "1-7-2026"})
    builders.exclusion(world.coordinator, world.case, world.chair)
    said = staff.page(staff.send(path, fields).location).text
    assert "0 gewijzigd. Overgeslagen: 11 acties (niet meer beschikbaar)." in said
    assert "termijn 01-07-2026" not in said, "no trace of a case that bars the reader"


def test_of_many_that_were_left_the_first_eight_are_named(world, staff):
    actions = many(world, 10)
    staff.fill(address("terms", *actions), {"due_on": "1-7-2026"})
    answer = staff.fill(address("terms", *actions), {"due_on": "1-7-2026"})
    said = staff.page(answer.location).text
    assert said.count("GGZ Delta, termijn 01-07-2026 (was al zo)") == 8
    assert "(was al zo); 2 andere." in said
