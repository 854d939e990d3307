"""Adding and changing organisations; it touches no case and ends no covenant by itself."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from app.access import Actor, Permission, audit, load_managed
from app.access.administration.announcements import announce_organisation
from app.access.administration.taken_names import flush_or_refuse, refuse_taken
from app.domain.errors import StaleEdit
from app.domain.kinds import AnnouncementKind, OrganisationKind
from app.infra.db import transaction
from app.models import Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationData:
    """An organisation as typed."""

    name: str
    code: str
    kind: OrganisationKind
    mail_domains: str


def add_organisation(actor: Actor, data: OrganisationData) -> uuid.UUID:
    """Add an organisation. Refusal NAME_TAKEN."""
    with transaction() as session:
        _refuse_taken(session, data, but=None)
        organisation = Organisation(id=uuid.uuid4(), **asdict(data))
        session.add(organisation)
        flush_or_refuse(session)
        _record(session, actor, audit.Event.ADD, organisation.id)
        return organisation.id


def change_organisation(
    actor: Actor, organisation_id: uuid.UUID, data: OrganisationData, *, version: int
) -> None:
    """Change an organisation. Refusal NAME_TAKEN, StaleEdit with what stands now."""
    with transaction() as session:
        organisation: Organisation = load_managed(
            session, actor, Organisation, organisation_id, Permission.ORGANISATION_MANAGE
        )
        session.refresh(organisation, with_for_update=True)
        if organisation.version != version:
            theirs = f"{organisation.name} ({organisation.code})"
            raise StaleEdit(theirs, organisation.version)
        _refuse_taken(session, data, but=organisation_id)
        organisation.name = data.name
        organisation.code = data.code
        organisation.kind = data.kind
        knew = set(organisation.mail_domains.split())
        organisation.mail_domains = data.mail_domains
        flush_or_refuse(session)
        if set(data.mail_domains.split()) != knew:
            kind = AnnouncementKind.MAIL_DOMAINS
            announce_organisation(session, actor, kind, organisation_id)
        _record(session, actor, audit.Event.CHANGE, organisation.id)


def _refuse_taken(session: Session, data: OrganisationData, *, but: uuid.UUID | None) -> None:
    refuse_taken(session, Organisation.name, data.name, but=but)
    refuse_taken(session, Organisation.code, data.code, but=but)


def _record(session: Session, actor: Actor, event: audit.Event, organisation_id: uuid.UUID) -> None:
    audit.record(
        session,
        actor,
        audit.Entry(event=event, object_kind="organisation", object_id=organisation_id),
    )
