"""Whatever is referred, passed on, refused and accepted: one table or one team has the duty."""

import pytest

from tests.model.duties import Duties

STEPS, SEEDS, LEAST_DONE = 60, 200, 8


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(one, marks=pytest.mark.deep) for one in range(1, SEEDS))]
)
@pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.deep)], indirect=True
)
def test_any_history_leaves_every_case_with_exactly_one_that_has_the_duty(
    app, database, frozen_clock, seed: int
) -> None:
    duties = Duties(frozen_clock, seed)
    for _ in range(STEPS):
        duties.step()
    # Many tries are by who may not; what was let through is enough to have come somewhere.
    assert sum(duties.done.values()) >= LEAST_DONE, duties.done
