"""Whether a key is known here follows from nothing: the same words, the same SQL, the same time.

Anybody can ask with any key; who could tell a known one from another would know who has an account.
"""

import json
import statistics

import pytest
from sqlalchemy import delete

from app.domain.kinds import AccountState
from app.infra import clock
from app.infra.db import transaction
from app.models import Passkey, Person, Throttle
from tests import builders
from tests.authenticator import Authenticator
from tests.guards.routes.test_timing import backends, busy_for
from tests.statements import counted

SAMPLES = 300
KEYS = ("known", "of somebody blocked", "ended", "unknown")


@pytest.fixture
def devices(client) -> dict[str, Authenticator]:
    """Devices that sign wrongly: one says it is a known key, one a key nobody ever had."""
    police = builders.organisation("POL")
    client.sign_in(builders.person(police, "P. Sleutel").id)
    made = {kind: Authenticator(client.base_url) for kind in KEYS}
    for kind in KEYS[:-1]:
        who = builders.person(police)
        client.sign_in(who.id)
        client.page("/passkeys")
        options = json.loads(client.send("/passkeys/asked").text)
        genuine = Authenticator(client.base_url)
        answer = {"name": kind, "answer": genuine.made(options)}
        assert client.send("/passkeys", answer).status_code == 303
        made[kind].id = genuine.id
        with transaction() as session:
            if kind == "ended":
                key = session.query(Passkey).filter_by(person_id=who.id).one()
                key.revoked_at = clock.now()
            if kind == "of somebody blocked":
                session.get_one(Person, who.id).state = AccountState.BLOCKED
    return made


def tried(visitor, device):
    """A try with a wrong signature; gives it ready to be sent, as if it were the first."""
    visitor.page("/sign-in")
    options = json.loads(visitor.send("/sign-in/passkey/asked").text)
    with transaction() as session:
        session.execute(delete(Throttle))
    device.count = 0
    return {"answer": device.signed(options), "next": "/keys"}


def test_a_known_and_an_unknown_key_are_refused_by_the_same_sql_in_the_same_words(
    devices, new_client
):
    visitor = new_client()
    found = {}
    for kind, device in devices.items():
        answer = tried(visitor, device)
        with counted() as sent:
            refused = visitor.send("/sign-in/passkey", answer)
        words = visitor.page("/sign-in").text
        assert "Met deze passkey is het niet gelukt" in words
        found[kind] = (refused.status_code, refused.headers["Location"], words, sent)
    for kind in KEYS:
        assert found[kind] == found["unknown"], kind


@pytest.mark.deep
def test_a_known_and_an_unknown_key_are_refused_after_the_same_time(devices, new_client, database):
    visitor = new_client()
    for kind in ("known", "unknown", "known"):
        visitor.send("/sign-in/passkey", tried(visitor, devices[kind]))
    pids, took = backends(database), {"known": [], "unknown": []}
    for number in range(SAMPLES):
        for kind in sorted(took, reverse=bool(number % 2)):
            answer = tried(visitor, devices[kind])
            began = busy_for(pids)
            refused = visitor.send("/sign-in/passkey", answer)
            took[kind].append(busy_for(pids) - began)
            assert refused.headers["Location"].startswith("/sign-in")
    middle = {kind: statistics.median(times) for kind, times in took.items()}
    apart = abs(middle["known"] - middle["unknown"])
    assert apart < min(0.002, 0.1 * middle["unknown"]), middle
