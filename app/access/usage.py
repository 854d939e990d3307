"""Whether something of a table's set-up is used by a case: a yes or no, never which case."""

from __future__ import annotations

import uuid

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.infra import wall
from app.infra.wall import System
from app.models import Case, Section


def is_section_used(session: Session, section_type_id: uuid.UUID) -> bool:
    """Whether any case has a section of this type, so that its protection is fixed."""
    used = select(exists().where(Section.section_type_id == section_type_id))
    with wall.opened_for(session, System.UNIQUENESS):
        return bool(session.scalar(used))


def has_cases(session: Session, table_id: uuid.UUID) -> bool:
    """Whether any case ever stood on the list of a table, so that its kind is fixed."""
    found = select(exists().where(Case.table_id == table_id))
    with wall.opened_for(session, System.UNIQUENESS):
        return bool(session.scalar(found))
