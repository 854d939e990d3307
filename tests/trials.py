"""Trials of somebody whose access ended: the next request, whatever it asks for, is as of nobody."""

import random
import uuid
from collections.abc import Callable
from typing import Any

from flask import Flask

from app.web import sessions
from tests.crawler import NOT_IN_A_WORLD, rules

# Addresses tried for each way of ending, the same again where there are fewer.
DEEP, SLICE = 500, 60
HOST = "casustafel.test"


def own_addresses(app: Flask, world: Any) -> list[str]:
    """Every address by GET, with the ids the police really has, or of nothing at all."""
    ids = {
        "meeting_id": world.meeting.id, "seat_id": world.police_seat.id, "case_id": world.case.id,
        "item_id": world.item.id, "table_id": world.table.id, "person_id": world.police.id,
    }  # fmt: skip
    found = []
    for rule in rules(app, "GET"):
        values = {
            name: ids.get(name) or NOT_IN_A_WORLD.get(name) or uuid.UUID(int=1)
            for name in rule.arguments
        }
        found.append(app.url_map.bind(HOST).build(rule.endpoint, values))
    return sorted(set(found))


def picked(app: Flask, world: Any, *, deep: bool) -> list[str]:
    """As many addresses as there are trials, by chance and the same each time."""
    return random.Random(8).choices(own_addresses(app, world), k=DEEP if deep else SLICE)


def answers_as_to_nobody(
    app: Flask, world: Any, inside: Any, nobody: Any, ends: Callable[[], object], *, deep: bool
) -> None:
    """Each trial asks with the cookie of before: the first request after is the one tried."""
    for one in (inside, nobody):
        one.checking, one._look_at = False, lambda _answer: None
    assert inside.get("/my-meetings").status_code == 200
    with app.app_context():
        name = sessions.cookie_name()
    token = inside.get_cookie(name, domain=HOST).value
    ends()
    opened, asked = [], picked(app, world, deep=deep)
    for path in asked:
        inside.set_cookie(name, token, domain=HOST)
        answer, stranger = inside.get(path), nobody.get(path)
        same = answer.status_code == stranger.status_code
        if not same or world.police.name in answer.get_data(as_text=True):
            opened.append((path, answer.status_code, stranger.status_code))
    assert opened == []
    assert len(asked) == (DEEP if deep else SLICE)
