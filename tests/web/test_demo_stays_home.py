"""Demo data and demo mode keep to themselves: this machine only, never in production."""

import dataclasses

import pytest

from app import create_app
from app.access import audit
from app.infra.db import db, transaction
from config import Mode, SettingsError


def test_demo_mode_answers_this_machine_only(settings) -> None:
    demo = dataclasses.replace(settings, mode=Mode.DEMO, base_url="http://127.0.0.1:8000")
    made = create_app(demo)
    client = made.test_client()
    assert client.get("/sign-in").status_code == 200
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.get("/sign-in", environ_overrides=elsewhere).status_code == 403
    with made.app_context():
        db.engine.dispose()


def test_production_refuses_a_database_that_ever_held_the_demo(app, settings) -> None:
    with transaction() as session:
        audit.record(session, None, audit.Entry(event=audit.Event.ADD, object_kind="demo"))
    with pytest.raises(SettingsError, match="CASUSTAFEL_DATABASE_URL"):
        create_app(dataclasses.replace(settings, mode=Mode.PRODUCTION))
