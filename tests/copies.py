"""Copies somebody asked for: one that is ready, and one the worker is busy with."""

import uuid
from collections.abc import Sequence
from datetime import timedelta

from app.access.records import exports
from app.domain.kinds import ExportFormat, ExportKind, ExportPurpose
from app.infra import clock, crypto
from app.infra.crypto import KeyScope
from app.models import Export, Person
from tests import builders


def ready(who: Person, of: Sequence[uuid.UUID]) -> Export:
    """A file of these actions, to be fetched for a day."""
    export_id, now = uuid.uuid4(), clock.now()
    sealed = crypto.seal(
        KeyScope.of_export(export_id),
        exports.as_text(of, b"Casustafel;Actie\r\n"),
        belongs_to=exports.binding_of(export_id),
    )
    return _asked(who, id=export_id, rows=len(of), done=len(of), finished_at=now, file_ct=sealed)


def under_way(who: Person) -> Export:
    """The worker has done half of it."""
    return _asked(who, kind=ExportKind.ORGANISATION_ACTIONS, rows=1_000, done=500)


def failed(who: Person) -> Export:
    """Nothing came of it."""
    return _asked(who, failed_at=clock.now())


def _asked(who: Person, **more: object) -> Export:
    now = clock.now()
    return builders.save(
        Export(
            **{"person_id": who.id, "kind": ExportKind.ACTIONS, "as_file": ExportFormat.XLSX,
               "purpose": ExportPurpose.FOLLOW_UP, "asked_at": now,
               "expires_at": now + timedelta(hours=24), **more}
        )
    )  # fmt: skip
