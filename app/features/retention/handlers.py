"""What the worker does: a destruction that two people agreed on."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from app.features.retention import execution, service
from app.infra import outbox


@outbox.handler(service.RUN)
def carry_out(payload: Mapping[str, str]) -> None:
    """Destroy what one confirmed run names."""
    execution.execute(uuid.UUID(payload["retention_run"]))
