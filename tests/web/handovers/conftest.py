"""A world with open papers, two tables that know their kinds, and a local team."""

import pytest

from app.domain.kinds import OrganisationKind
from tests import builders


@pytest.fixture
def world(app):
    return builders.small_world(open_papers=True)


@pytest.fixture
def staff(client, world):
    return client.sign_in(world.coordinator.id)


@pytest.fixture
def team(world):
    """Somebody who represents a local team at the table."""
    of = builders.organisation("LOK", OrganisationKind.LOCAL_TEAM, name="Lokaal team")
    return builders.representative(of, world.table, "L. Teamlid")
