"""Sign-in by one press for the made-up people of the demo region; never in production."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import audit, load_actor
from app.domain.kinds import AccountState, TableRoleName
from app.features.accounts.opening import OpenSession
from app.infra import clock
from app.infra.db import reading, transaction
from app.models import CaseTable, Organisation, Person, TableRole

MOST_PEOPLE = 400
OFFICE = "office"
NO_ROLE = "no-role"
# The order of the groups; the first three are small and stand open.
GROUPS = (
    TableRoleName.CHAIR.value,
    TableRoleName.COORDINATOR.value,
    OFFICE,
    TableRoleName.REPRESENTATIVE.value,
    NO_ROLE,
)
STAFF = frozenset(GROUPS[:3])


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One button of the demo sign-in page."""

    person_id: uuid.UUID
    name: str
    function: str
    organisation: str
    tables: str


@dataclass(frozen=True, slots=True)
class DemoGroup:
    """People of one role: a table role, ``office`` for supervision, or ``no-role``."""

    role: str
    people: tuple[DemoPerson, ...]

    @property
    def is_staff(self) -> bool:
        """Whether the group is small enough to stand open."""
        return self.role in STAFF


def demo_groups() -> tuple[DemoGroup, ...]:
    """The active people grouped by what they do, staff first."""
    with reading() as session:
        people = session.execute(
            select(Person, Organisation.name)
            .join(Organisation, Organisation.id == Person.organisation_id)
            .where(Person.state == AccountState.ACTIVE)
            .order_by(Organisation.name, Person.name)
            .limit(MOST_PEOPLE)
        ).all()
        held = _tables_by_person(session)
    groups: dict[str, list[DemoPerson]] = {role: [] for role in GROUPS}
    for person, organisation in people:
        roles = held.get(person.id, {})
        role = next((one for one in TableRoleName if one in roles and one in GROUPS), None)
        watches = person.is_privacy_officer or person.is_supervisor
        office = person.is_administrator or watches
        groups[role or (OFFICE if office else NO_ROLE)].append(
            DemoPerson(
                person.id,
                person.name,
                person.function,
                organisation,
                ", ".join(sorted(roles[role])) if role else "",
            )
        )
    return tuple(DemoGroup(role, tuple(members)) for role, members in groups.items() if members)


def _tables_by_person(session: Session) -> dict[uuid.UUID, dict[TableRoleName, list[str]]]:
    now = clock.now()
    rows = session.execute(
        select(TableRole.person_id, TableRole.role, CaseTable.name)
        .join(CaseTable, CaseTable.id == TableRole.table_id)
        .where(
            TableRole.from_at <= now, (TableRole.until_at.is_(None)) | (TableRole.until_at > now)
        )
    ).all()
    held: dict[uuid.UUID, dict[TableRoleName, list[str]]] = {}
    for person_id, role, name in rows:
        held.setdefault(person_id, {}).setdefault(role, []).append(name)
    return held


def sign_in_demo(person_id: uuid.UUID, *, address: str, open_full: OpenSession) -> str:
    """Start a full session without password or code; gives the token. NotVisible when unknown."""
    with transaction() as session:
        actor = load_actor(session, person_id, now=clock.now(), address=address)
        token = open_full(session, person_id)
        audit.record(
            session,
            actor,
            audit.Entry(event=audit.Event.SIGN_IN, object_kind="person", object_id=person_id),
        )
    return token
