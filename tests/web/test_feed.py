"""The subscription as a calendar program fetches it, and the own page around it."""

import logging

import pytest

from app.features.calendar import service
from app.infra.outbox import drain
from app.web import masking
from tests import builders
from tests.calendar_readers import read_with_vobject


@pytest.fixture
def world(app):
    return builders.small_world()


@pytest.fixture
def police(world, new_client):
    service.synchronise(world.meeting.id, world.police.id)
    return new_client().sign_in(world.police.id)


@pytest.fixture
def address(police) -> str:
    """The path of a fresh subscription, read from the page that shows it once."""
    made = police.fill("/subscription", {"content": "busy"}, action="")
    assert made.status_code == 200
    assert "U ziet dit adres maar één keer" in police.last.text
    [shown] = [word for word in police.last.text.split() if word.startswith("https://casustafel")]
    assert f"webcal{shown.removeprefix('https')}" in police.last.text
    return shown.removeprefix("https://casustafel.test")


def test_a_calendar_program_gets_a_plain_file_without_signing_in(address, new_client):
    answer = new_client().get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "Content-Disposition" not in answer.headers
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    read = read_with_vobject(answer.data)
    assert (read["method"], len(read["events"])) == (None, 1)
    head = new_client().head(address)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == answer.headers["ETag"]
    assert head.headers["Content-Length"] == str(len(answer.data))


def test_an_unchanged_feed_is_one_statement_and_a_304(world, address, client, count_statements):
    first = client.get(address)
    for headers in (
        {"If-None-Match": first.headers["ETag"]},
        {"If-None-Match": f"W/{first.headers['ETag']}"},
        {"If-Modified-Since": first.headers["Last-Modified"]},
    ):
        with count_statements() as seen:
            again = client.get(address, headers=headers)
        assert (again.status_code, again.data, len(seen)) == (304, b"", 1), headers
        assert again.headers["ETag"] == first.headers["ETag"]
    builders.recusal(world.police, world.case)
    changed = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert b"VEVENT" not in changed.data


@pytest.mark.parametrize("token", ["x" * 43, "x", "x" * 5000, "%00", "..%2f..%2fetc"])
def test_an_unknown_address_is_not_found_in_plain_text(world, client, token):
    answer = client.get(f"/calendar/{token}.ics")
    assert answer.status_code == 404
    if "%2f" not in token:
        assert answer.mimetype == "text/plain"


def test_many_unknown_addresses_are_told_to_wait(address, new_client):
    stranger = new_client()
    answers = [stranger.get(f"/calendar/{number:043}.ics").status_code for number in range(23)]
    assert set(answers[:20]) == {404}
    assert answers[-1] == 429
    assert stranger.get(address).status_code == 200


def test_my_account_shows_when_it_was_last_used_and_ends_it(address, police, client):
    assert "nog niet opgehaald" in police.page("/sessions").text
    client.get(address)
    assert "laatst opgehaald rond 01-06-2026" in police.page("/sessions").text
    assert address not in police.page("/subscription").html
    changed = police.fill("/subscription", {"content": "meeting"}, action="/content")
    assert changed.status_code == 303
    drain()
    assert b"Zaal 2" in client.get(address).data
    police.fill("/subscription", action="/replace")
    shown = [word for word in police.last.text.split() if word.startswith("https://casustafel")]
    other = shown[0].removeprefix("https://casustafel.test")
    assert b"VEVENT" not in client.get(address).data
    assert b"Zaal 2" in client.get(other).data
    police.fill("/subscription", action="/revoke")
    assert "U hebt geen abonnement." in police.page("/sessions").text
    assert b"VEVENT" not in client.get(other).data


def test_no_log_line_holds_the_address(address, client, caplog):
    masking.install()
    token = address.removeprefix("/calendar/").removesuffix(".ics")
    caplog.set_level(logging.DEBUG)
    client.get(address)
    logging.getLogger("werkzeug").warning('127.0.0.1 - "GET %s HTTP/1.1" 200', address)
    logging.getLogger("gunicorn.error").error("Error handling request %s", address)
    logging.getLogger("gunicorn.access").warning(
        '%(h)s "%(r)s" "%(f)s"',
        {
            "h": "127.0.0.1",
            "r": f"GET {address} HTTP/1.1",
            "f": f"https://casustafel.test{address}",
        },
    )
    assert caplog.text.count("/calendar/…") == 4
    assert token not in caplog.text
