"""Any history of acts: after each, the product and a rule of its own agree for every person.

The acts are the product's services, as the person who does them (acts_*.py); every section, slot and
list is compared after each, pages and explanations at the end (comparing.py).
"""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS
from hypothesis.stateful import initialize, run_state_machine_as_test

from app.infra.db import db
from tests.model.comparing import Compared
from tests.model.history import SECTIONS

# So that workers may share them; each part has its own chance.
PARTS, HISTORIES, ORDINARILY = 20, 2000, 3
# Every history by chance alone. Left to itself five of six repeat parts of the one before, which for
# acts that need one another means the same few acts over and over.
AVAILABLE_PROVIDERS["chance"] = "hypothesis.internal.conjecture.providers.HypothesisProvider"


class NeedToKnow(Compared):
    @initialize(
        open_papers=st.integers(0, 3),
        later=st.integers(0, 3),
        shown=st.sets(st.sampled_from(SECTIONS)),
        said=st.booleans(),
        not_yet=st.sampled_from(("police", "care", "nobody", "nobody")),
    )
    def begin(
        self, *, open_papers: int, later: int, shown: set[str], said: bool, not_yet: str
    ) -> None:
        """Most histories begin with papers published and, but for one, accepted, in their window."""
        self.set_up(said=said)
        if open_papers:
            self.publish()
            for who in sorted({"police", "care"} - {not_yet}):
                self.accept(who)
        if later:
            self.time_passes(8 * 24 * 60)
        self.plan_disclosures("police_seat", shown)


@pytest.mark.parametrize(
    "part", [0, *(pytest.param(part, marks=pytest.mark.deep) for part in range(1, PARTS))]
)
@pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.deep)], indirect=True
)
def test_any_history_leaves_the_product_and_the_rule_agreeing(  # noqa: PLR0917 - fixtures, by name
    app, database, frozen_clock, part: int, deep: bool, pytestconfig
) -> None:
    wanted = pytestconfig.getoption("--histories")
    NeedToKnow.frozen = frozen_clock

    def empty() -> None:
        database.let_go(db.engine)
        database.empty()

    NeedToKnow.empty = staticmethod(empty)
    run_state_machine_as_test(
        NeedToKnow,
        settings=settings(
            max_examples=wanted or (HISTORIES // PARTS if deep else ORDINARILY),
            stateful_step_count=50 if deep else 25,
            derandomize=not deep,
            backend="chance",
            deadline=None,
            database=None,
            # Whoever asks for a number of histories wants to know whether, not why.
            phases=[Phase.generate] if wanted else list(Phase),
            report_multiple_bugs=not wanted,
            suppress_health_check=list(HealthCheck),
        ),
    )
