from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from app.domain.errors import Refusal
from app.features.accounts import sign_in
from app.infra.db import db
from tests import accounts, builders


def _race(app, act, *, times=20):
    """Run ``act`` so many times at once; how many succeeded."""
    gate = Barrier(times)

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


def test_many_wrong_tries_at_once_are_all_counted(app, who):
    from app.features.accounts import throttling

    db.session.remove()
    passed = _race(app, lambda: throttling.count_try(throttling.for_second_factor("x")) is None)

    assert passed <= 6
