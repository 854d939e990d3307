"""No page is forgotten: every address that answers with a page is looked at in the browser."""

import pytest
from flask import Flask

from tests.crawler import endpoint_of
from tests.looks import ELSEWHERE, LOOKS, NO_PAGE, Look


@pytest.fixture
def database(sqlite):
    """One kind of database: no page is asked for."""
    sqlite.empty()
    return sqlite


def endpoints(app: Flask) -> set[str]:
    """Every endpoint that answers GET."""
    return {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}


def forgotten(app: Flask, looks: tuple[Look, ...]) -> set[str]:
    seen = {endpoint_of(app, look.sample()) for look in looks if look.status == 200}
    return endpoints(app) - seen - ELSEWHERE.keys() - NO_PAGE.keys()


def test_every_page_is_looked_at(app: Flask) -> None:
    missing = forgotten(app, LOOKS)
    assert not missing, f"add to VISITS in tests/looks.py: {sorted(missing)}"


def test_a_page_that_nobody_looks_at_is_noticed(app: Flask) -> None:
    all_but_keys = tuple(look for look in LOOKS if look.address != "/keys")
    assert forgotten(app, all_but_keys) == {"home.keys"}


def test_every_look_is_at_a_page_there_is(app: Flask) -> None:
    lost = [look.address for look in LOOKS if not endpoint_of(app, look.sample())]
    assert not lost
    assert not (ELSEWHERE.keys() | NO_PAGE.keys()) - endpoints(app)


def test_every_exception_says_why() -> None:
    assert all(reason.strip() for reason in (ELSEWHERE | NO_PAGE).values())
