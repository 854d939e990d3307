"""Saving a line while many follow the meeting, small: the full figures are in scripts/bench_live.py."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.infra import clock
from app.infra.db import db
from tests.serving import Caller, Serving
from tests.watchers import Watchers, gather, percentile, sign_in_all, write_lines

WATCHERS = 60
LINES = 10
LIMIT_MS = 1000


@pytest.mark.deep
def test_a_line_is_saved_within_a_second_while_many_follow(app, settings):
    with clock.use(clock.FrozenClock(datetime.now(UTC))):
        crowd = gather(WATCHERS)
        cookies = sign_in_all([crowd.chair_id, *crowd.watcher_ids])
    db.engine.dispose()
    serving = Serving(replace(settings, base_url="http://127.0.0.1"))
    serving.start()
    try:
        caller = Caller(serving.port, cookies[0])
        caller.enter()
        write_lines(caller, crowd, lines=5, pause=0.1)
        with Watchers(serving.port, crowd.follow, cookies[1:]) as watchers:
            taken = write_lines(caller, crowd, lines=LINES, pause=1)
            met = watchers.stop()
    finally:
        serving.lose_power()
    assert percentile(taken, 99) <= LIMIT_MS, taken
    assert set(met.answers) == {200, 304}
    assert met.unchanged > 0.5, "who sits elsewhere is not bothered"
