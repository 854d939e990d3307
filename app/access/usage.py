"""Whether something of a table's set-up is used by a case: a yes or no, never which case."""

from __future__ import annotations

import uuid

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.infra import wall
from app.infra.wall import System
from app.models import Section


def is_section_used(session: Session, section_type_id: uuid.UUID) -> bool:
    """Whether any case has a section of this type, so that its protection is fixed."""
    used = select(exists().where(Section.section_type_id == section_type_id))
    with wall.opened_for(session, System.UNIQUENESS):
        return bool(session.scalar(used))
