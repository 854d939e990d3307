"""Pages get frozen dataclasses: no stored object, row or session ever reaches a template."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from flask import before_render_template, render_template_string
from sqlalchemy import Select
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session
from wtforms import Form

from app.infra.db import Base
from tests import builders, canaries
from tests.access.reading import visitor
from tests.crawler import barred, crawl, narrowed
from tests.databases import MOSTLY_SQLITE

FORBIDDEN = (Base, Row, Session, Select)
# What Flask itself puts beside the page.
OF_FLASK = {"g", "request", "session", "config", "get_flashed_messages", "url_for"}
DEEPEST = 12


def stored_things(value: Any, path: str, depth: int = 0) -> Iterator[str]:
    """The places inside a template's value where something of the database stands."""
    if isinstance(value, FORBIDDEN):
        yield f"{path} is a {type(value).__name__}"
    elif depth < DEEPEST:
        for name, part in parts(value):
            yield from stored_things(part, f"{path}{name}", depth + 1)


def parts(value: Any) -> Iterator[tuple[str, Any]]:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        for one in dataclasses.fields(value):
            yield f".{one.name}", getattr(value, one.name)
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield f"[{key!r}]", part
    elif isinstance(value, (list, tuple, set, frozenset)):
        for number, part in enumerate(value):
            yield f"[{number}]", part
    elif isinstance(value, Form):
        for name, field in value._fields.items():
            yield f".{name}.data", field.data
            yield f".{name}.object_data", getattr(field, "object_data", None)
            yield f".{name}.choices", getattr(field, "choices", None)


@pytest.fixture
def handed_over(app) -> Iterator[list[str]]:
    """Where stored things stood in what the templates were given."""
    found: list[str] = []

    def look(_sender: Any, template: Any, context: dict[str, Any], **_more: Any) -> None:
        for name, value in context.items():
            if name not in OF_FLASK:
                found.extend(f"{template.name}: {place}" for place in stored_things(value, name))

    with before_render_template.connected_to(look, app):
        yield found


@pytest.mark.parametrize("database", MOSTLY_SQLITE, indirect=True)
@pytest.mark.parametrize("clock", [pytest.param("A", marks=pytest.mark.deep), "D"])
def test_templates_get_no_stored_object(  # noqa: PLR0917 - fixtures, by name
    app, frozen_clock, new_client, handed_over, clock: str, deep: bool
) -> None:
    world = canaries.build(clock, frozen_clock)
    for actor in (
        "seat holder",
        "asked for input",
        "representative",
        "coordinator",
        "administrator",
        "privacy officer",
    ):
        but = () if deep else barred(app, world, actor)
        crawl(app, visitor(new_client, world, actor), narrowed(world, actor), but=but)
    assert not set(handed_over), "\n".join(sorted(set(handed_over)))


def test_a_stored_object_in_a_page_is_noticed(app, handed_over) -> None:
    @dataclasses.dataclass(frozen=True)
    class Page:
        lines: tuple[Any, ...]

    host = builders.organisation()
    with app.test_request_context("/"):
        render_template_string("", page=Page(lines=({"who": host},)))
    assert handed_over == ["None: page.lines[0]['who'] is a Organisation"]
