"""The table of ``make bench``, and its pages asked for once in the smallest region."""

from threading import Thread

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from app.features.demo import service as demo
from tests.databases import MOSTLY_SQLITE
from tests.measuring import bare
from tests.measuring.laps import Lane, at_once, in_turns
from tests.measuring.pages import PAGES, set_going, visit_all
from tests.measuring.table import Limit, Row, Timed, written

SMALL = Timed(statements=4, seconds=0.010, per_second=99.6)
STRESS = Timed(statements=7, seconds=0.016, per_second=60)
LIMIT = Limit(statements=6, growth=1.5, seconds=0.012)


class Kept(WSGIRequestHandler):
    """Keeps a connection, as the server of the measurement does, and says nothing."""

    protocol_version = "HTTP/1.1"

    def log_request(self, *_given: object) -> None: ...


def test_a_row_has_what_was_measured_and_says_what_was_too_much():
    both = Row(name="Bord", bare=0.002, small=SMALL, stress=STRESS, limit=LIMIT)
    alone = Row(name="Klein", bare=0.002, small=SMALL, limit=LIMIT)
    head, rule, first, second = written([both, alone]).splitlines()
    assert head.count("|") == rule.count("|") == first.count("|") == second.count("|")
    assert first == "| Bord | 4 / 7 | 5.0 | 8.0 | 16.0 | 100 | 60 | 1.60 |"
    assert second == "| Klein | 4 | 5.0 | – | – | 100 | – | – |"
    assert both.broken() == [
        "Bord: 7 SQL, at most 6",
        "Bord: 1.60 × small, at most 1.5",
        "Bord: 0.02 s, at most 0.012",
    ]
    assert alone.broken() == []


def test_a_server_is_measured_in_turns_and_by_four_at_once():
    server = make_server("127.0.0.1", 0, bare.app, threaded=True, request_handler=Kept)
    serving = Thread(target=server.serve_forever, daemon=True)
    serving.start()
    lane = Lane(server.port, "/bare")
    try:
        first, second = in_turns([lane, lane], laps=5, at_most=1)
        assert min(first, second) > 0
        assert at_once(lane, seconds=0.05, times=1) > 0
        with pytest.raises(RuntimeError, match="404"):
            in_turns([Lane(server.port, "/elsewhere")], laps=1, at_most=1)
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


@pytest.mark.parametrize("database", MOSTLY_SQLITE, indirect=True)
def test_every_page_of_the_measurement_comes_and_keeps_to_its_statements(app, frozen_clock):
    demo.load(demo.Size.SMALL)
    set_going()
    visits = visit_all(app)
    over = {
        one.name: visits[one.name].statements
        for one in PAGES
        if one.limit.statements and visits[one.name].statements > one.limit.statements
    }
    assert visits.keys() == {one.name for one in PAGES}
    assert not over
