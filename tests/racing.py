"""Two acts at one moment, each by somebody of their own in a thread of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask

from app.access import Actor
from app.domain.errors import NotVisible, Refusal, StaleEdit
from app.infra import wall
from app.infra.db import db


def race(app: Flask, *acts: tuple[Actor, Callable[[], object]]) -> list[bool]:
    """Whether each of these acts was done; who came too late was told so, and nothing else."""
    gate = Barrier(len(acts), timeout=60)

    def one(named: tuple[Actor, Callable[[], object]]) -> bool:
        actor, act = named
        with app.app_context(), wall.acting_as(actor.person_id):
            gate.wait()
            try:
                act()
            except (NotVisible, Refusal, StaleEdit):
                return False
            finally:
                db.session.remove()
        return True

    db.session.remove()
    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))
