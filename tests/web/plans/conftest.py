"""A world whose table plans: criteria to end by, a weighing and a plan in outline."""

import pytest

from tests import builders


@pytest.fixture
def world(app):
    with builders.together():
        world = builders._small_world(open_papers=True, answered=True)
        for position, (code, label, more) in enumerate(
            (
                ("weighing", "Weging", {}),
                ("exit", "Afsluitcriteria", {"is_plan": True}),
                ("plan", "Plan in grote lijn", {"is_plan": True}),
            ),
            7,
        ):
            world.types[code] = builders.section_type(world.table, code, label, position, **more)
    return world


@pytest.fixture
def staff(client, world):
    return client.sign_in(world.coordinator.id)
