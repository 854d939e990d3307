"""Threads must never be the first to ask for the columns of an alias they share."""

import sys
from types import ModuleType

from sqlalchemy import inspect
from sqlalchemy.orm import aliased

from app.infra import aliases
from app.models import Room


def test_an_alias_a_module_keeps_has_its_columns_before_requests_come(monkeypatch):
    mapped, table = aliased(Room), Room.__table__.alias()
    module = ModuleType("app.planted")
    module.MAPPED, module.TABLE = mapped, table
    monkeypatch.setitem(sys.modules, module.__name__, module)
    selectable = inspect(mapped).selectable
    assert not {"_columns", "columns"} & (vars(selectable).keys() | vars(table).keys())
    aliases.name_columns()
    assert "_columns" in vars(selectable)
    assert "_columns" in vars(table)
