"""A window in the room: a code that works once, a session for one screen, an end."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.kinds import AccountState
from app.infra import clock
from app.infra.db import transaction
from app.models import (
    AgendaItem,
    AuditEvent,
    Case,
    Meeting,
    Person,
    Projection,
    RoomScreen,
    TableRole,
)
from app.web.sessions import TOUCH_AFTER, cookie_name
from tests import builders
from tests.live import change, every

WRONG = "Deze code klopt niet of is al gebruikt."


def typed(browser, code: str):
    return browser.fill("/projection", {"code": code})


def is_out(window) -> bool:
    answer = window.get("/projection/screen")
    return (answer.status_code, answer.headers.get("Location")) == (303, "/projection?ended=1")


def logged(kind: str) -> list[tuple[str, str]]:
    found = select(AuditEvent.event, AuditEvent.person_name).where(AuditEvent.object_kind == kind)
    with transaction() as session:
        return [tuple(row) for row in session.execute(found.order_by(AuditEvent.id))]


def test_a_code_pairs_one_window_once(code, new_client, world) -> None:
    read_out = code()
    window, late = new_client(), new_client()
    answer = typed(window, f" {read_out.lower().replace(' ', '-')} ")
    assert answer.headers["Location"] == "/projection/screen"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-casustafel-projection=")
    assert all(part in cookie for part in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"))
    assert world.table.name in window.page("/projection/screen").text
    refused = typed(late, read_out)
    assert (refused.status_code, WRONG in refused.text) == (422, True)
    (stored,) = every(Projection)
    assert read_out.replace(" ", "") not in f"{stored.code_hash}{stored.token_hash}"
    assert [event for event, _ in logged("projection")] == ["authorisation-change", "add"]


@pytest.mark.parametrize("how", ["wrong", "late", "replaced", "closed", "cancelled"])
def test_wrong_used_and_late_codes_answer_alike(code, new_client, world, frozen_clock, how) -> None:
    read_out = code()
    if how == "wrong":
        read_out = "3333 4444"
    elif how == "late":
        frozen_clock.advance(timedelta(minutes=5))
    elif how == "replaced":
        code()
    else:
        change(Meeting, world.meeting.id, **{f"{how}_at": clock.now()})
    answer = typed(new_client(), read_out)
    assert (answer.status_code, WRONG in answer.text) == (422, True)
    assert "projection" not in str(answer.headers.getlist("Set-Cookie"))


def test_guessing_is_slowed_down_and_locks_nobody_out(code, new_client, frozen_clock) -> None:
    window = new_client()
    answers = [typed(window, f"3333 444{digit}").text for digit in "346779"]
    assert all(WRONG in answer for answer in answers)
    read_out = code()
    assert "Te veel pogingen" in typed(window, read_out).text
    frozen_clock.advance(timedelta(seconds=31))
    assert typed(window, read_out).status_code == 303


def test_the_window_opens_nothing_else(room, world) -> None:
    for path in ("/", f"/meetings/{world.meeting.id}/live", f"/meetings/{world.meeting.id}"):
        assert room.get(path).headers["Location"].startswith("/sign-in"), path


def test_who_is_signed_in_plays_no_role_and_is_not_kept_signed_in(
    room, chair, world, frozen_clock
) -> None:
    alone = room.get("/projection/screen")
    room.sign_in(world.coordinator.id)
    frozen_clock.advance(TOUCH_AFTER + timedelta(seconds=1))
    beside = room.get("/projection/screen")
    assert beside.headers["ETag"] == alone.headers["ETag"]
    assert world.coordinator.name not in beside.text
    # The session was last seen when it began: polling does not keep it going.
    frozen_clock.advance(timedelta(minutes=14, seconds=10))
    room.get("/projection/screen")
    frozen_clock.advance(timedelta(seconds=50))
    assert room.get("/").headers["Location"].startswith("/sign-in")
    # And whoever is signed in without a window has none.
    answer = chair.get("/projection/screen")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/projection")


def test_staff_open_it_on_their_own_computer_too(chair, world) -> None:
    answer = chair.send(f"/meetings/{world.meeting.id}/projection/here")
    assert answer.headers["Location"] == "/projection/screen"
    assert cookie_name() + "-projection=" in str(answer.headers.getlist("Set-Cookie"))
    assert world.table.name in chair.page("/projection/screen").text


@pytest.mark.parametrize("how", ["closed", "cancelled", "late", "ended"])
def test_a_window_ends(room, chair, world, frozen_clock, how) -> None:
    if how == "ended":
        chair.page(f"/meetings/{world.meeting.id}/projection")
        (window,) = every(Projection)
        assert chair.send(f"/projections/{window.id}/end").status_code == 303
        assert logged("projection")[-1] == ("delete", world.chair.name)
    elif how == "late":
        frozen_clock.advance(timedelta(hours=12))
    else:
        change(Meeting, world.meeting.id, **{f"{how}_at": clock.now()})
    assert is_out(room)
    assert "Dit venster is gestopt" in room.page("/projection?ended=1").text
    assert room.get("/projection/screen").headers["Location"] == "/projection"


def test_staff_see_the_windows_and_others_nothing(room, chair, world, new_client) -> None:
    path = f"/meetings/{world.meeting.id}/projection"
    assert f"gemaakt door {world.chair.name}" in chair.page(path).text
    (window,) = every(Projection)
    for stranger in (world.police, world.stranger, world.administrator):
        other = new_client().sign_in(stranger.id)
        assert other.get(path).status_code == 404
        for act in (
            f"{path}/code",
            f"{path}/here",
            f"{path}/dark",
            f"/projections/{window.id}/end",
        ):
            assert other.send(act).status_code == 404, act
    assert not is_out(room)


def test_a_meeting_that_is_over_gets_no_window(chair, world) -> None:
    change(Meeting, world.meeting.id, closed_at=clock.now())
    path = f"/meetings/{world.meeting.id}/projection"
    assert "voorbij" in chair.page(path).text
    for act in ("code", "here"):
        assert chair.send(f"{path}/{act}").status_code == 422


@pytest.mark.parametrize("how", ["role", "account"])
def test_a_window_and_a_code_last_no_longer_than_who_made_them(
    room, code, new_client, world, how
) -> None:
    read_out = code()
    if how == "role":
        (served,) = [one for one in every(TableRole) if one.person_id == world.chair.id]
        change(TableRole, served.id, until_at=clock.now())
    else:
        change(Person, world.chair.id, state=AccountState.BLOCKED)
    assert is_out(room)
    assert typed(new_client(), read_out).status_code == 422


def test_who_signs_out_leaves_no_own_window_behind(chair, room, world) -> None:
    chair.send(f"/meetings/{world.meeting.id}/projection/here")
    room.sign_in(world.coordinator.id)
    assert room.send("/sign-out").status_code == 303
    assert room.get("/projection/screen").status_code == 200
    assert chair.get("/projection/screen").status_code == 200
    chair.page("/")
    chair.send("/sign-out")
    assert is_out(chair)


@pytest.mark.parametrize("how", ["recusal", "exclusion"])
def test_it_stays_dark_at_a_case_that_bars_who_made_it(chair, world, how) -> None:
    """Or that person would read there what the own pages do not show."""
    chair.send(f"/meetings/{world.meeting.id}/projection/here")
    assert "data-shown" in chair.page("/projection/screen").html
    if how == "exclusion":
        builders.exclusion(world.chair, world.case, world.coordinator)
    else:
        builders.recusal(world.chair, world.case)
    assert "data-shown" not in chair.page("/projection/screen").html
    change(RoomScreen, world.meeting.id, item_id=world.second_item.id)
    change(AgendaItem, world.second_item.id, opened_at=clock.now())
    assert "data-shown" in chair.page("/projection/screen").html


def test_it_shows_nothing_of_a_case_that_went_to_another_table(room, world) -> None:
    other = builders.table("Elders", "ELD")
    change(Case, world.case.id, table_id=other.id)
    assert "data-shown" not in room.page("/projection/screen").html
