"""A running meeting in tests: its addresses, its rows, what a form on the worksheet sends."""

from sqlalchemy import select

from app.infra import crypto
from app.infra.crypto import Sealed
from app.infra.db import transaction
from app.models import Decision
from tests.builders import World


def change(model, key, **values) -> None:
    with transaction() as session:
        row = session.get_one(model, key)
        for name, value in values.items():
            setattr(row, name, value)


def stored(model, key):
    with transaction() as session:
        return session.get_one(model, key)


def every(model) -> list:
    with transaction() as session:
        return list(session.scalars(select(model)))


def live_url(world: World, item=None) -> str:
    return f"/meetings/{world.meeting.id}/live" + (f"?item={item.id}" if item else "")


def decide_url(world: World) -> str:
    return f"/meetings/{world.meeting.id}/items/{world.item.id}/decisions"


def act_url(world: World) -> str:
    return f"/meetings/{world.meeting.id}/items/{world.item.id}/actions"


def text_of(decision: Decision) -> str:
    return crypto.unseal(Sealed(decision.text_ct, f"decision:{decision.id}:text"))


def new_action(running: World, **more: str) -> dict[str, str]:
    return {
        "safe": "Bel terug",
        "full": "Bel met de huisarts",
        "holder": str(running.police_seat.id),
        "due_on": "03-07-2026",
        **more,
    }
