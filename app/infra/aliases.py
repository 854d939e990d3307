"""Readies what modules keep for statements, before threads share it; it must never build one.

SQLAlchemy names the columns of an alias when they are first asked for. Two requests that do so at
once each get columns of their own, and a join between them is refused: the first pages after a
start then failed. It happens here once, while there is one thread.
"""

from __future__ import annotations

import sys
from typing import Final

from sqlalchemy import FromClause, inspect
from sqlalchemy.orm import configure_mappers
from sqlalchemy.orm.util import AliasedClass

OURS: Final = "app."


def name_columns() -> None:
    """Of every alias a loaded module of the application keeps under a name."""
    configure_mappers()
    for name, module in list(sys.modules.items()):
        if name.startswith(OURS):
            for kept in list(vars(module).values()):
                if isinstance(kept, AliasedClass):
                    _ = inspect(kept).selectable.c
                elif isinstance(kept, FromClause):
                    _ = kept.c
