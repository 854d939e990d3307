"""Planning a meeting through its pages, as the chair and as people who may not."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from app.domain.kinds import InvitationAnswer, OrganisationKind, TableRoleName
from app.infra import clock
from app.infra.db import transaction
from app.models import AgendaItem, Disclosure, InputRequest, Meeting, Seat, SeatHold
from tests import builders

BUDGET = 14


@pytest.fixture
def world(app):
    return builders.small_world()


@pytest.fixture
def chair(client, world):
    return client.sign_in(world.chair.id)


def number_of(model: type) -> int:
    with transaction() as session:
        return session.scalar(select(func.count()).select_from(model))


def pages(world) -> list[str]:
    meeting = f"/meetings/{world.meeting.id}"
    return [
        meeting, f"{meeting}/participants", f"{meeting}/input", f"{meeting}/invitations",
        f"{meeting}/times", f"{meeting}/cancel", f"{meeting}/publish", f"{meeting}/items/new",
        f"{meeting}/items/fixed", f"/items/{world.item.id}/edit", f"/items/{world.opening.id}/edit",
        f"/items/{world.item.id}/seats", f"/items/{world.item.id}/standard",
        f"/items/{world.item.id}/seats/{world.host.id}",
        f"/items/{world.item.id}/seats/{world.police_organisation.id}?more=1",
        f"/seats/{world.police_seat.id}/plan",
    ]  # fmt: skip


def test_every_page_opens_and_shows_no_confidential_text(chair, world):
    lists = [
        "/meetings",
        "/meetings?when=past",
        f"/meetings?table={world.table.id}",
        "/meetings/new",
    ]
    odd = ["/meetings?page=999999999999999999999&table=x", "/meetings?page=-3"]
    for path in [*lists, *odd, *pages(world)]:
        assert "Kanarie" not in chair.page(path).html, path


@pytest.mark.parametrize("who", ["stranger", "administrator", "police"])
def test_who_does_not_serve_the_table_finds_nothing(client, world, who):
    client.sign_in(getattr(world, who).id)
    for path in pages(world):
        assert client.get(path).status_code == 404, path
    for path in (
        f"/meetings/{world.meeting.id}/invite", f"/meetings/{world.meeting.id}/input",
        f"/meetings/{world.meeting.id}/publish", f"/meetings/{world.meeting.id}/cancel",
        f"/items/{world.item.id}/move", f"/items/{world.item.id}/remove",
        f"/seats/{world.police_seat.id}/remove", f"/seats/{world.police_seat.id}/accept",
    ):  # fmt: skip
        assert client.send(path, {"direction": "up"}).status_code == 404, path


def test_a_foreign_and_a_missing_meeting_answer_the_same(client, world):
    client.sign_in(world.stranger.id)
    foreign = client.get(f"/meetings/{world.meeting.id}")
    missing = client.get(f"/meetings/{uuid.uuid4()}")
    assert foreign.status_code == missing.status_code == 404
    assert client.get("/meetings/1000000000000000000000").status_code == 404


def test_a_meeting_is_planned_and_opens_its_preparation(chair, world):
    answer = chair.fill(
        "/meetings/new",
        {"table": str(world.table.id), "day": "3-12-2026", "start": "13.00", "end": "15u20",
         "place": "Zaal 4", "link": "https://video.example/overleg"},
        follow_redirects=True,
    )  # fmt: skip
    assert answer.status_code == 200
    assert "donderdag 3 december 2026" in chair.last.text
    assert "13.00 tot 15.20 uur" in chair.last.text


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("day", "31-2-2027", "Deze datum bestaat niet"),
        ("day", "morgen", "dd-mm-jjjj"),
        ("day", "", "Vul de datum in."),
        ("day", "   ", "Vul"),
        ("day", "1-1-2020", "Kies een datum die nog moet komen."),
        ("start", "25.00", "Schrijf de tijd"),
        ("end", "12.00", "Het einde ligt voor het begin."),
        ("link", "javascript:alert(1)", "Begin de link met https://."),
        ("place", "x" * 201, "hoogstens 200"),
        ("table", "7534c034-f26a-4278-9dd4-becdcf852fc7", ""),
        ("table", "x\x00y", ""),
    ],
)
def test_what_cannot_be_is_said_clearly_and_nothing_is_saved(chair, world, field, typed, said):
    before = number_of(Meeting)
    fields = {"table": str(world.table.id), "day": "3-12-2026", "start": "13.00", "end": "15.20"}
    answer = chair.fill("/meetings/new", {**fields, field: typed})
    assert answer.status_code == 422
    assert "Er is een probleem" in chair.last.text
    assert said in chair.last.text
    assert number_of(Meeting) == before
    if field != "start":
        assert 'value="13.00"' in chair.last.html


def test_the_lost_hour_is_refused(chair, world):
    fields = {"table": str(world.table.id), "day": "28-3-2027", "start": "02.30", "end": "04.00"}
    assert chair.fill("/meetings/new", fields).status_code == 422
    assert "door het verzetten van de klok" in chair.last.text


def test_the_same_form_sent_twice_plans_one_meeting(chair, world):
    form = chair.page("/meetings/new").form("/meetings/new")
    data = form.filled(
        {"table": str(world.table.id), "day": "3-12-2026", "start": "13.00", "end": "15.00"}
    )
    before = number_of(Meeting)
    first, second = (chair.send("/meetings/new", data) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert number_of(Meeting) == before + 1


def test_the_agenda_is_made_and_reordered_without_scripts(chair, world):
    case = builders.case(world.table, world.host)
    meeting = f"/meetings/{world.meeting.id}"
    chair.fill(f"{meeting}/items/new", {"case": str(case.id), "minutes": "25"})
    chair.fill(f"{meeting}/items/fixed", {"kind": "break", "minutes": "10", "at": "14.30"})
    page = chair.page(meeting)
    assert case.reference in page.text
    assert "vaste tijd" in page.text
    move = f"/items/{world.second_item.id}/move"
    assert chair.send(move, {"direction": "up"}).status_code == 303
    page = chair.page(meeting)
    assert page.html.index(world.second_case.reference) < page.html.index(world.case.reference)
    assert chair.send(move, {"position": "2"}).status_code == 303
    page = chair.page(meeting)
    assert page.html.index(world.second_case.reference) > page.html.index(world.case.reference)
    for odd in ({}, {"direction": "sideways"}, {"position": "1" + "0" * 21}, {"position": "x"}):
        assert chair.send(move, odd).status_code == 422
    chair.page(f"/items/{world.second_item.id}/edit")
    chair.send(f"/items/{world.second_item.id}/remove")
    assert world.second_case.reference not in chair.page(meeting).text


@pytest.mark.parametrize("minutes", ["0", "-5", "481", "veel", "", "1" + "0" * 21])
def test_minutes_are_a_sensible_number(chair, world, minutes):
    answer = chair.fill(f"/items/{world.item.id}/edit", {"minutes": minutes})
    assert answer.status_code == 422
    with transaction() as session:
        assert session.get(AgendaItem, world.item.id).minutes == 30


def test_a_late_change_of_time_shows_both(chair, world):
    path = f"/meetings/{world.meeting.id}/times"
    old = chair.page(path).form("/times").filled({"place": "Mijn zaal"})
    chair.fill(path, {"place": "Andere zaal"})
    answer = chair.send(path, old)
    assert answer.status_code == 409
    assert "Andere zaal" in chair.last.text
    assert "Mijn zaal" in chair.last.html
    again = chair.last.form("/times").filled({})
    assert chair.send(path, again).status_code == 303
    with transaction() as session:
        assert session.get(Meeting, world.meeting.id).place == "Mijn zaal"


def test_inviting_asking_and_publishing_are_three_presses(chair, world):
    builders.seat(world.second_item, world.police_organisation, world.police, invited=False)
    meeting = f"/meetings/{world.meeting.id}"
    chair.fill(f"{meeting}/invitations", action="/invite", follow_redirects=True)
    assert "1 uitnodiging klaargezet." in chair.last.text
    with transaction() as session:
        assert session.get(Meeting, world.meeting.id).published_at is None
    chair.fill(f"{meeting}/input", {"day": "10-6-2026", "at": "12.00"}, follow_redirects=True)
    assert "4 deelnames om inbreng gevraagd." in chair.last.text
    assert number_of(InputRequest) == 4
    page = chair.page(f"{meeting}/publish")
    assert "Vóór openstelling" in page.text
    chair.fill(f"{meeting}/publish", follow_redirects=True)
    assert (
        "De stukken zijn in te zien van 08-06-2026, 00.00 tot en met 22-06-2026" in chair.last.text
    )
    answer = chair.fill(f"{meeting}/publish")
    assert answer.status_code == 422
    assert "De stukken zijn al opengesteld." in chair.last.text


def test_one_seat_may_be_asked_alone(chair, world):
    path = f"/meetings/{world.meeting.id}/input"
    data = chair.page(path).form("/input").filled({"day": "10-6-2026", "at": "12.00"})
    chair.send(path, {**data, "seat": str(world.care_seat.id)})
    assert number_of(InputRequest) == 1
    for odd in ("x\x00", str(uuid.uuid4()), str(world.care_seat.id)):
        answer = chair.send(path, {"day": "10-6-2026", "at": "12.00", "seat": odd})
        assert answer.status_code == 422
    assert chair.fill(path, {"day": "1-1-2020", "at": "12.00"}).status_code == 422


def test_cancelling_says_first_who_hears_of_it(chair, world):
    path = f"/meetings/{world.meeting.id}/cancel"
    page = chair.page(path)
    assert world.police.name in page.text
    chair.fill(path, follow_redirects=True)
    assert "Dit overleg is afgezegd." in chair.last.text
    assert "afgezegd" in chair.page("/meetings").text


def test_a_seat_is_given_and_its_sections_chosen(chair, world):
    item = f"/items/{world.second_item.id}"
    answer = chair.fill(
        f"{item}/seats/{world.police_organisation.id}", {"occupant": str(world.police.id)}
    )
    assert answer.status_code == 303
    assert answer.location.endswith("/plan")
    path = f"/seats/{world.police_seat.id}/plan"
    children = str(world.sections["children"].id)
    answer = chair.fill(path, {"sections": [children], "ground": ""})
    assert answer.status_code == 422
    assert "schrijf grondslag, doel en noodzaak op" in chair.last.text
    texts = {"ground": "Wet", "purpose": "Plan", "necessity": "Nodig"}
    assert chair.fill(path, {"sections": [children], **texts}).status_code == 303
    with transaction() as session:
        live = session.scalars(
            select(Disclosure.section_id).where(
                Disclosure.seat_id == world.police_seat.id, Disclosure.withdrawn_at.is_(None)
            )
        ).all()
        assert live == [world.sections["children"].id]
    page = chair.page(path)
    assert f"Wat {world.police.name} al heeft gezien, blijft gezien." in page.text
    chair.fill(path, action="/remove", follow_redirects=True)
    assert "De deelname is weggehaald." in chair.last.text


def test_view_as_seat_shows_the_occupants_part_without_a_button_to_act(chair, world):
    page = chair.page(f"/seats/{world.police_seat.id}/preview")
    assert "Kanarieaanleiding" in page.text
    assert "Kanarieveiligheid" in page.text
    assert builders.QUESTION in page.text
    assert "Kanariekinderen" not in page.html
    assert "Kanarienaam" not in page.html
    assert world.second_case.reference not in page.html
    assert not [form for form in page.forms if form.in_main]
    empty = builders.seat(world.item, world.host)
    assert chair.get(f"/seats/{empty.id}/preview").status_code == 422


def test_a_stale_seat_form_shows_how_it_stands_now_and_keeps_what_was_chosen(chair, world):
    path = f"/seats/{world.police_seat.id}/plan"
    mine = chair.page(path).form("").filled({"occupant": str(world.police.id)})
    colleague = builders.person(world.police_organisation, "B. Nieuw")
    assert chair.fill(path, {"occupant": str(colleague.id)}).status_code == 303
    answer = chair.send(path, mine)
    assert answer.status_code == 409
    assert "Deelnemer: B. Nieuw" in chair.last.text
    assert f"Bekijk als {colleague.name}" in chair.page(path).text


@pytest.mark.parametrize("typed", ["x", "7534c034-f26a-4278-9dd4-becdcf852fc7", "\x00"])
def test_an_unknown_occupant_or_section_is_refused(chair, world, typed):
    path = f"/seats/{world.police_seat.id}/plan"
    assert chair.fill(path, {"occupant": typed}).status_code == 422
    assert chair.fill(path, {"sections": [typed]}).status_code == 422


def test_the_standard_is_confirmed_after_seeing_the_list(chair, world):
    path = f"/items/{world.item.id}/standard"
    page = chair.page(path)
    assert "wacht daarna op besluit van GGZ Delta" in page.text
    chair.fill(path, follow_redirects=True)
    assert "3 rubrieken opengesteld." in chair.last.text
    assert "Alle standaardrubrieken" in chair.page(path).text


def test_who_sits_elsewhere_is_told_by_the_hours_and_the_table_only_to_its_own_staff(
    client, new_client, world
):
    """The other slot runs from 13.20 to 13.50, the one here from 13.10 to 13.40.

    Who does not come to one of the two is not in two places.
    """
    elsewhere = builders.meeting(
        world.other_table, starts_at=world.item.starts_at + timedelta(minutes=10)
    )
    about = builders.case(world.other_table, world.host)
    there = builders.seat(
        builders.item(elsewhere, about, minutes=30), world.police_organisation, world.police
    )
    path = f"/meetings/{world.meeting.id}"
    text = client.sign_in(world.coordinator.id).page(path).text
    assert "A. Yilmaz (Politie) is tijdens deze bespreking bezet." in text
    assert "ZSM" not in text
    assert "13.20" not in text, "when it begins there"
    builders.role(world.chair, world.other_table, TableRoleName.COORDINATOR)
    page = new_client().sign_in(world.chair.id).page(path)
    hours = "A. Yilmaz (Politie) zit van 13.20 tot 13.40 uur"
    assert f"{hours} ook aan ZSM Deltaland." in page.text
    assert about.reference not in page.html
    for seat in (there, world.police_seat):
        _answer(seat, InvitationAnswer.NO)
        assert "ook aan" not in client.page(path).text
        assert "tijdens deze bespreking bezet" not in client.page(path).text
        _answer(seat, InvitationAnswer.OPEN)


def _answer(seat, answer: InvitationAnswer) -> None:
    with transaction() as session:
        session.execute(update(SeatHold).where(SeatHold.seat_id == seat.id).values(answer=answer))


def test_who_sits_at_a_closed_block_elsewhere_is_not_told_to_sit_at_the_own_table(client, world):
    """Else a coordinator would plan somebody at the hour of a closed block and read who is there."""
    beside = builders.meeting(world.table, starts_at=world.item.starts_at)
    closed = builders.case(world.table, world.host)
    builders.seat(
        builders.item(beside, closed, minutes=30), world.police_organisation, world.police
    )
    path = f"/meetings/{world.meeting.id}"
    assert f"ook aan {world.table.name}" in client.sign_in(world.coordinator.id).page(path).text
    builders.exclusion(world.coordinator, closed, world.chair)
    page = client.page(path)
    assert "A. Yilmaz (Politie) is tijdens deze bespreking bezet." in page.text
    assert f"ook aan {world.table.name}" not in page.text


def test_excluded_staff_see_a_closed_block_with_times_only(client, world):
    builders.exclusion(world.chair, world.case, world.coordinator)
    client.sign_in(world.chair.id)
    for path in pages(world)[:9]:
        assert world.case.reference not in client.page(path).html, path
    page = client.page(f"/meetings/{world.meeting.id}")
    assert "Gesloten blok" in page.text
    assert f"/items/{world.item.id}" not in page.html
    for path in pages(world)[11:]:
        assert client.get(path).status_code == 404, path


def big_meeting(world, *, cases: int, organisations: int) -> uuid.UUID:
    """Every organisation at every case, stored in one transaction."""
    meeting, now = builders.meeting(world.table), clock.now()
    partners = []
    for number in range(organisations):
        partner = builders.organisation(f"ORG{number}", OrganisationKind.OTHER)
        builders.covenant(partner, world.table)
        partners.append((partner, builders.representative(partner, world.table)))
    rows, last = [], None
    for _ in range(cases):
        case = builders.case(world.table, world.host)
        section = builders.section(case, world.types["reason"], world.host)
        last = builders.item(meeting, case, after=last, minutes=10)
        for partner, person in partners:
            seat = Seat(
                id=uuid.uuid4(), item_id=last.id, organisation_id=partner.id, invited_at=now
            )
            rows += [
                seat,
                SeatHold(seat_id=seat.id, person_id=person.id, from_at=now),
                Disclosure(
                    seat_id=seat.id, section_id=section.id, ground="g", purpose="p",
                    necessity="n", decided_by_id=world.chair.id, decided_at=now,
                ),
                InputRequest(
                    seat_id=seat.id, asked_by_id=world.chair.id, asked_at=now, deadline_at=now
                ),
            ]  # fmt: skip
    builders.save_all(*rows)
    return meeting.id


@pytest.mark.parametrize(("cases", "organisations"), [(2, 2), (12, 10)])
def test_the_preparation_keeps_to_its_budget_at_any_size(
    chair, world, count_statements, cases, organisations
):
    meeting_id = big_meeting(world, cases=cases, organisations=organisations)
    chair.page("/meetings")
    with count_statements() as seen:
        page = chair.page(f"/meetings/{meeting_id}")
    assert len(page.html) > 10_000
    assert len(seen) <= BUDGET, "\n".join(seen)


def test_long_lists_are_paged(chair, world):
    with transaction() as session:
        session.execute(update(Seat).values(invited_at=None))
    for _ in range(26):
        builders.meeting(world.table)
    page = chair.page("/meetings")
    assert "Pagina 1 van 2" in page.text
    assert "Pagina 2 van 2" in chair.page("/meetings?page=2").text
