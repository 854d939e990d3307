"""What deciding on access costs: at most two statements a page, however much the case holds.

Deciding is loading what an address names, by its rule; who asks is known with the roles in one
statement, and what a page then reads carries its condition in the statement that reads it.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.engine import Engine

from app import access
from app.infra.db import db
from app.models import AgendaItem, Case, Organisation, Person, Seat, SectionType
from tests import builders, scenes
from tests.crawler import quiet
from tests.looks import VISITS
from tests.statements import WRAPPING, counted

HOME = str(Path(access.__file__).parent)
# Finding out who asks comes before any page, with the roles in the same statement; a run of
# destructions is loaded with the numbers its page shows.
NOT_COUNTED = {"load_session", "load_actor", "load_run"}
AT_MOST = 2
MANY = 8


@contextmanager
def decisions() -> Iterator[list[str]]:
    """The statements sent from where access is decided, each with the function that sent it."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(WRAPPING):
            return
        frame = sys._getframe()
        while frame is not None:
            code = frame.f_code
            decides = code.co_name.startswith("load_") and code.co_name not in NOT_COUNTED
            if decides and code.co_filename.startswith(HOME):
                found.append(code.co_name)
                return
            frame = frame.f_back

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def looked_at(moment: str) -> list[tuple[str, str]]:
    """Who fetches which address at a moment, once each."""
    pages = [
        (visit.who, look)
        for visit in VISITS
        if visit.at == moment and visit.who != "nobody"
        for look in visit.pages
        if look.status == 200 and look.fill is None
    ]
    return list(dict.fromkeys(pages))


def fill(scene: scenes.Scene) -> None:
    """Many more sections, seats and disclosures at the case and the item everything hangs from."""
    things = scene.things
    with db.session() as session:
        item = session.get_one(AgendaItem, things["item"])
        case = session.get_one(Case, things["case"])
        seat = session.get_one(Seat, things["police_seat"])
        staff = session.get_one(Person, scene.people["coordinator"])
        source = session.get_one(Organisation, things["host"])
        kind = session.scalars(select(SectionType).where(SectionType.code == "safety")).first()
        session.expunge_all()
    with builders.together():
        for number in range(MANY):
            text = builders.section(case, kind, source, f"Feit {number}.")
            of = builders.organisation(f"X{number}", name=f"Partner {number}")
            who = builders.person(of)
            other = builders.seat(item, of, who)
            for to in (seat, other):
                builders.disclosure(to, text, staff)


@pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.deep)], indirect=True
)
@pytest.mark.parametrize(
    "moment", ["open", *(pytest.param(at, marks=pytest.mark.deep) for at in ("draft", "closed"))]
)
def test_permission_work_adds_at_most_two_statements_to_any_page(
    app, frozen_clock, new_client, mails, moment: str
) -> None:
    scene = scenes.build(moment, mails)
    visitors = {who: quiet(new_client()).sign_in(one) for who, one in scene.people.items()}
    costs: list[dict] = []
    # Once for what a first visit alone does, and for the lists of readers.
    for who, look in looked_at(moment):
        visitors[who].get(look.path(scene.things))
    for filled in (False, True):
        if filled:
            fill(scene)
        cost: dict[tuple[str, str], tuple[int, list[str]]] = {}
        for who, look in looked_at(moment):
            with counted() as sent, decisions() as decided:
                status = visitors[who].get(look.path(scene.things)).status_code
            # A page may lead on to another.
            assert status in {200, 303}, look
            cost[who, look.address] = (len(sent), list(decided))
        costs.append(cost)
    small, large = costs
    many = [f"{page}: {cost[1]}" for page, cost in large.items() if len(cost[1]) > AT_MOST]
    assert not many, "\n".join(many)
    grown = [
        f"{page}: {small[page][0]} statements, then {large[page][0]}"
        for page in small
        if small[page] != large[page]
    ]
    assert not grown, "\n".join(grown)
