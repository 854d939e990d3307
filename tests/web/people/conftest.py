"""The people of the administration's tests, and the administrator signed in."""

import pytest

from app.domain.kinds import TableRoleName
from tests import accounts, builders


@pytest.fixture
def town(app):
    return builders.organisation("GEM", name="Gemeente Deltastad")


@pytest.fixture
def boss(town):
    return builders.person(town, "B. Beheer", is_administrator=True)


@pytest.fixture
def admin(client, boss):
    return client.sign_in(boss.id)


@pytest.fixture
def police(app):
    return builders.organisation("POL", name="Politie Deltaland")


@pytest.fixture
def anna(police):
    return accounts.enrolled(police, name="A. de Vries", email="a.devries@politie.example")


@pytest.fixture
def at(app):
    return builders.table()


@pytest.fixture
def chair(town, at):
    return builders.chair(town, at, "V. Voorzitter")


@pytest.fixture
def seated(anna, at):
    """Anna, who represents the police at the table of the chair."""
    builders.role(anna, at, TableRoleName.REPRESENTATIVE)
    return anna
