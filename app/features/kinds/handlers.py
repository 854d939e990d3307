"""What the worker does: a version of a kind whose day has come."""

from __future__ import annotations

from collections.abc import Mapping

from app.features.kinds import applying, service
from app.infra import outbox


@outbox.handler(service.APPLY)
def apply_version(payload: Mapping[str, str]) -> None:
    """Let the tables of the kind take over what changes."""
    applying.apply_due(payload["kind_code"])
