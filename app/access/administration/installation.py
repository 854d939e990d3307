"""What kind of data this installation holds: demo data never serves a production region.

Loading the demo region leaves an audit row, and audit rows cannot be taken away again.
"""

from __future__ import annotations

from sqlalchemy import exists, inspect, select
from sqlalchemy.engine import Engine

from app.models import AuditEvent

DEMO = "demo"


def holds_demo_data(engine: Engine) -> bool:
    """Whether the demo region was ever loaded here; False before the first migration."""
    try:
        return _was_loaded(engine)
    finally:
        # Asked before a server forks its workers: they must not share a connection.
        engine.dispose()


def _was_loaded(engine: Engine) -> bool:
    with engine.connect() as connection:
        if not inspect(connection).has_table(AuditEvent.__tablename__):
            return False
        found = exists().where(AuditEvent.object_kind == DEMO)
        return bool(connection.scalar(select(found)))
