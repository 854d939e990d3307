from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier

import pytest

from app.access import load_actor
from app.domain.errors import Refusal
from app.features.accounts import sign_in
from app.features.projection import windows
from app.infra import clock, wall
from app.infra.db import db, reading
from tests import accounts, builders


def _race(app, act, *, times=20):
    """Run ``act`` so many times at once; how many succeeded."""
    gate = Barrier(times, timeout=60)

    def one(_number):
        with app.app_context():
            gate.wait()
            try:
                return bool(act())
            except Refusal:
                return False
            finally:
                db.session.remove()

    with ThreadPoolExecutor(times) as pool:
        return sum(pool.map(one, range(times)))


@pytest.fixture
def who(app):
    return accounts.enrolled(builders.organisation())


def test_of_twenty_equal_codes_at_once_exactly_one_wins(app, who):
    account = sign_in._find(sign_in.Person.id == who.id)
    code = accounts.code()
    db.session.remove()

    assert _race(app, lambda: sign_in._burn_step(account, code)) == 1


def test_of_twenty_equal_recovery_codes_at_once_exactly_one_wins(app, who):
    spare = accounts.recovery_code(who)
    db.session.remove()

    assert _race(app, lambda: sign_in._burn_recovery(who.id, spare), times=8) == 1


def test_of_eight_windows_that_give_one_code_at_once_exactly_one_is_paired(app):
    world, addresses = builders.small_world(open_papers=True), count()
    with reading() as session:
        chair = load_actor(session, world.chair.id, now=clock.now())
    with wall.acting_as(chair.person_id):
        code = windows.make_code(chair, world.meeting.id).code
    db.session.remove()

    assert _race(app, lambda: windows.pair(code, address=str(next(addresses))), times=8) == 1


def test_many_wrong_tries_at_once_are_all_counted(app, who):
    from app.features.accounts import throttling

    db.session.remove()
    passed = _race(app, lambda: throttling.count_try(throttling.for_second_factor("x")) is None)

    assert passed <= 6
