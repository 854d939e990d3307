"""The main pages as somebody of the demo region asks for them, and what each of them may cost."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from app.domain.kinds import ActionState
from app.infra import clock
from app.infra.db import transaction
from app.models import Action, AgendaItem, Meeting, Organisation, Person
from app.web import sessions
from tests import builders
from tests.measuring.table import NO_LIMIT, Limit
from tests.statements import counted

CHAIR = "Marit van Deursloot"
ACTION_CHAIR = "Ineke Bosgraaf"
COORDINATOR = "Joost Veldhuizen"
REPRESENTATIVE = "Sanne Terpstee"
ROOM, OTHER_ROOM = "Huis van de Delta, kamer 2.14", "Politiebureau Noord, zaal 1"
# As many as the first page of the board shows.
FILLING = 50


@dataclass(frozen=True, slots=True)
class Page:
    """An address, with ``{…}`` for what differs per region, and who opens it; nobody: a stranger."""

    name: str
    who: str
    path: str
    limit: Limit = NO_LIMIT


PAGES = (
    Page("Sign-in page", "", "/sign-in"),
    Page("Home of a chair", CHAIR, "/", Limit(statements=8)),
    Page("Home of a representative", REPRESENTATIVE, "/", Limit(statements=8)),
    Page("Home of a coordinator", COORDINATOR, "/", Limit(statements=8)),
    Page("Agenda preparation", COORDINATOR, "/meetings/{preparing}", Limit(statements=14)),
    Page("Own meeting", REPRESENTATIVE, "/my-meetings/{running}", Limit(statements=9)),
    Page("Case page", COORDINATOR, "/cases/{case}"),
    Page("Live worksheet", ACTION_CHAIR, "/meetings/{running}/live"),
    Page("Triage inbox", COORDINATOR, "/triage"),
    Page("Action board", COORDINATOR, "/actions", Limit(statements=6, growth=1.5)),
    Page(
        "Action board, late ones of one partner at one table", COORDINATOR,
        "/actions?table={table}&organisation={partner}&overdue=y", Limit(statements=6, growth=1.5),
    ),
    Page("My actions", REPRESENTATIVE, "/my-actions"),
    Page("Year report", COORDINATOR, "/reports", Limit(seconds=2)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Visit:
    """A page of one region: where it is, the cookie of who asks, and how much SQL it took."""

    path: str
    cookie: str
    statements: int


def set_going() -> None:
    """Begin the meeting whose papers are open, and fill the first page of the board of actions.

    The smallest region has five unfinished actions: what a page of five takes says nothing about
    one of fifty.
    """
    with transaction() as session:
        meeting = session.scalars(
            select(Meeting)
            .where(Meeting.place == OTHER_ROOM, Meeting.published_at.is_not(None))
            .where(Meeting.closed_at.is_(None))
            .order_by(Meeting.starts_at)
        ).first()
        assert meeting is not None
        meeting.started_at = clock.now()
        first = session.scalars(
            select(AgendaItem)
            .where(AgendaItem.meeting_id == meeting.id)
            .order_by(AgendaItem.position)
        ).first()
        assert first is not None
        first.opened_at = clock.now()
        known = session.execute(
            select(Action, AgendaItem, Organisation, Person)
            .join(AgendaItem, AgendaItem.id == Action.item_id)
            .join(Meeting, Meeting.id == AgendaItem.meeting_id)
            .join(Organisation, Organisation.id == Action.organisation_id)
            .join(Person, Person.id == Action.person_id)
            .where(Action.state == ActionState.OPEN, Meeting.place == ROOM)
            .order_by(Action.id)
        ).all()
    with builders.together():
        for number in range(FILLING):
            _action, item, organisation, person = known[number % len(known)]
            due_on = clock.now().date() + timedelta(days=number % 20 - 10)
            builders.action(item, organisation, person, person, due_on=due_on)


def visit_all(app: Flask) -> dict[str, Visit]:
    """Every page once to warm up and once counted; AssertionError for one that does not come."""
    with app.app_context():
        places = _places()
        cookies = {who: _signed_in(who) for who in {one.who for one in PAGES} - {""}}
    return {
        one.name: _visit(app, one.path.format_map(places), cookies.get(one.who, ""))
        for one in PAGES
    }


def _visit(app: Flask, path: str, cookie: str) -> Visit:
    visitor = app.test_client(use_cookies=False)
    asking = {"headers": {"Cookie": cookie}, "base_url": app.config["SETTINGS"].base_url}
    visitor.get(path, **asking)
    with counted() as seen:
        answer = visitor.get(path, **asking)
    assert answer.status_code == 200, (path, answer.status)
    return Visit(path, cookie, len(seen))


def _places() -> dict[str, uuid.UUID]:
    with transaction() as session:
        preparing, table, case = session.execute(
            select(Meeting.id, Meeting.table_id, AgendaItem.case_id)
            .join(AgendaItem, AgendaItem.meeting_id == Meeting.id)
            .where(Meeting.place == ROOM, Meeting.published_at.is_(None))
            .where(Meeting.series_id.is_(None), AgendaItem.case_id.is_not(None))
            .order_by(Meeting.starts_at, AgendaItem.position)
        ).first()
        running = session.scalar(
            select(Meeting.id).where(Meeting.started_at.is_not(None), Meeting.closed_at.is_(None))
        )
        partner = session.scalar(select(Organisation.id).where(Organisation.code == "GI"))
    return {
        "preparing": preparing, "running": running, "table": table, "case": case,
        "partner": partner,
    }  # fmt: skip


def _signed_in(name: str) -> str:
    with transaction() as session:
        person_id = session.scalars(select(Person.id).where(Person.name == name)).one()
        token = sessions.start(
            session, person_id, stage=sessions.STAGE_FULL, address="127.0.0.1", agent="bench"
        )
    return f"{sessions.cookie_name()}={token}"
