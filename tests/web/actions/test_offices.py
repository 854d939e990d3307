"""Who holds an office, and whom an organisation named: which pages about actions open to them."""

import uuid

import pytest

from app.domain.kinds import ActionState, ContactPart, NoticeStep
from app.infra import clock
from app.models import Action, ActionNotice, OrganisationContact, Person
from tests import builders
from tests.actions import SAFE
from tests.live import change

TOLD, LEDGER = "/organisation-actions", "/ledger"


@pytest.fixture
def named(world, action):
    """A contact of the police who was told on the ladder."""
    who = builders.person(world.police_organisation)
    builders.save(
        OrganisationContact(
            organisation_id=who.organisation_id, person_id=who.id, part=ContactPart.CONTACT,
            from_at=builders.LONG_AGO,
        )
    )  # fmt: skip
    builders.save(
        ActionNotice(
            action_id=action.id, person_id=who.id, step=NoticeStep.CONTACT, due_on=action.due_on,
            since=action.recorded_at,
            days=7, told_at=clock.now(), mail_id=uuid.uuid4(),
        )
    )  # fmt: skip
    return who


@pytest.mark.parametrize("office", ["is_privacy_officer", "is_supervisor"])
def test_who_was_told_reads_nothing_while_in_office(world, named, new_client, office):
    reader = new_client().sign_in(named.id)

    def reads() -> list[bool]:
        pages = reader.page(TOLD).text, reader.page(LEDGER).text
        return [SAFE in pages[0], world.table.name in pages[1]]

    assert reads() == [True, True]
    change(Person, named.id, **{office: True})
    assert reads() == [False, False]
    change(Person, named.id, **{office: False})
    assert reads() == [True, True], "the office was laid down; the organisation still names them"


@pytest.mark.parametrize("gone", ["done", "barred", "office"])
def test_who_was_told_finds_it_on_the_start_page_as_long_as_it_may_be_read(
    world, action, named, new_client, gone
):
    line = "Er ligt een actie van uw organisatie stil"

    def start(who):
        return new_client().sign_in(who.id).page("/")

    assert line in start(named).text
    assert TOLD in start(named).links
    for word in (SAFE, world.case.reference):
        assert word not in start(named).html
    for other in (world.police, world.police_colleague, world.care):
        assert line not in start(other).text
    if gone == "done":
        change(Action, action.id, state=ActionState.DONE)
    elif gone == "barred":
        builders.exclusion(named, world.case, world.chair)
    else:
        change(Person, named.id, is_supervisor=True)
    assert line not in start(named).text


# The board of the tables served, how organisations keep what was agreed, the published figures:
# "own" is the own organisation's alone, "-" a page that is not there.
OPENS = """
named as contact     -    own  -
representative       -    own  -
colleague            -    none -
privacy officer      -    none all
supervisor           -    none -
coordinator          all  all  all
"""


@pytest.mark.parametrize("row", OPENS.strip().splitlines(), ids=lambda row: row[:18].strip())
def test_each_page_opens_to_whom_it_is_for(world, named, new_client, row):
    who, (board, ledger, reports) = row[:20].strip(), row[20:].split()
    police = world.police_organisation
    reader = {
        "named as contact": lambda: named,
        "representative": lambda: world.police,
        "colleague": lambda: world.police_colleague,
        "privacy officer": lambda: builders.person(police, is_privacy_officer=True),
        "supervisor": lambda: builders.person(police, is_supervisor=True),
        "coordinator": lambda: world.coordinator,
    }[who]()
    client = new_client().sign_in(reader.id)
    for path in ("/actions", "/actions/columns", "/actions/calendar", "/actions/late"):
        answer = client.get(path)
        assert answer.status_code == (404 if board == "-" else 200), path
        assert (SAFE in answer.text or path == "/actions/late") or board == "-", path
    assert client.get("/reports").status_code == (404 if reports == "-" else 200)
    assert (world.table.name in client.page(LEDGER).text) == (ledger != "none")
    for of, wanted in ((police, {"own", "all"}), (world.care_organisation, {"all"})):
        answer = client.get(f"/ledger/{of.id}")
        assert (answer.status_code == 200 and world.table.name in answer.text) == (ledger in wanted)
