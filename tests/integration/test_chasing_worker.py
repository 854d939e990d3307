"""The worker is killed in the middle of a round: nobody is told twice, nothing is forgotten."""

import time
import uuid
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, func, insert, select, update

from app.access.records import chasing
from app.domain.kinds import ActionState, MailState, OrganisationKind
from app.features.chasing import rounds
from app.infra import clock
from app.infra.db import db, reading, transaction
from app.infra.outbox import OutboxRow
from app.models import Action, ActionNotice, AuditEvent, MailLog
from tests import builders
from tests.databases import MOSTLY_SQLITE
from tests.lives import Lives
from tests.statements import counted

# Monday morning, and a term of ten working days before: everybody on the ladder is told.
MORNING = datetime(2026, 6, 22, 6, 0, tzinfo=UTC)
# So small that one round takes several batches.
SMALL = 6
LONG_LATE, TODAY = date(2026, 6, 5), date(2026, 6, 22)


@pytest.fixture
def table(app):
    with builders.together():
        host = builders.organisation("GEM", OrganisationKind.MUNICIPALITY)
        made = builders.table()
        chair = builders.chair(host, made)
    item = builders.item(builders.meeting(made), builders.case(made, host))
    return made, chair, item


def agree(table, organisations: int, actions: int) -> None:
    """Actions of two representatives each; every other one long late, the rest due today."""
    made, chair, item = table
    holders = []
    with builders.together():
        for number in range(organisations):
            of = builders.organisation(f"ORG{number}")
            holders += [builders.representative(of, made) for _ in range(2)]
    rows = [
        {
            "id": uuid.uuid4(), "item_id": item.id, "case_id": item.case_id, "table_id": made.id,
            "organisation_id": holders[number % len(holders)].organisation_id,
            "person_id": holders[number % len(holders)].id, "safe_ct": b"-",
            "due_on": LONG_LATE if number % 2 else TODAY, "state": ActionState.OPEN,
            "recorded_by_id": chair.id, "recorded_at": builders.LONG_AGO,
        }
        for number in range(actions)
    ]  # fmt: skip
    with transaction() as session:
        session.execute(insert(Action), rows)


def outcome() -> tuple[Counter, Counter, int]:
    """Who was told of what how often, how many mails each person got, and rows not delivered."""
    with reading() as session:
        told = Counter(
            (one.action_id, one.person_id, one.step, one.days)
            for one in session.scalars(select(ActionNotice))
        )
        mails = Counter(session.scalars(select(MailLog.person_id)))
        states = set(session.scalars(select(MailLog.state)))
        waiting = session.scalar(
            select(func.count()).select_from(OutboxRow).where(OutboxRow.done_at.is_(None))
        )
    assert states <= {MailState.SENT, MailState.UNSURE}
    return told, mails, waiting


def begin_anew() -> None:
    with transaction() as session:
        for model in (ActionNotice, OutboxRow, MailLog):
            session.execute(delete(model))
        session.execute(update(Action).values(reminded_at=None))


@pytest.mark.parametrize("database", MOSTLY_SQLITE, indirect=True)
def test_whoever_is_killed_tells_nobody_twice_and_forgets_nothing(app, settings, table, deep):
    agree(table, organisations=2, actions=16)
    # The other processes have to see what this one stored, and it what they stored.
    db.session.remove()
    with Lives(settings) as lives:
        number = lives.live(MORNING, batch=SMALL)
        whole = outcome()
        assert len(whole[0]) == 16 + 8, "every holder, and the chair of what is long late"
        assert set(whole[1].values()) == {1}
        points = 50 if deep else 3
        for point in range(points):
            begin_anew()
            kill_at = 1 + (number - 1) * (point + 1) // (points + 1)
            lives.live(MORNING, batch=SMALL, kill_at=kill_at)
            # A quarter later the lease of whoever was killed is over.
            lives.live(MORNING + timedelta(minutes=15), batch=SMALL)
            assert outcome() == whole, f"killed at statement {kill_at}"


@pytest.mark.parametrize("database", MOSTLY_SQLITE, indirect=True)
def test_many_due_actions_cost_a_few_statements_per_batch(app, table, deep):
    actions = 5000 if deep else 200
    agree(table, organisations=20, actions=actions)
    clock._current.moment = MORNING
    began = time.process_time()
    with counted() as statements:
        rounds.make()
    spent = time.process_time() - began
    batches = actions // chasing.BATCH + 1
    assert len(statements) <= 5 + 20 * batches
    assert spent <= 10
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(ActionNotice)) == actions * 1.5
        told = select(func.count()).where(
            AuditEvent.object_kind.in_(("action-reminder", "action-escalation"))
        )
        assert session.scalar(told) == actions * 1.5
    with counted() as again:
        rounds.make()
    assert len(again) <= 5 + 10 * batches
    print(f"{actions} actions: {spent:.2f} s of processor time, {len(statements)} statements")
