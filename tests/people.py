"""What the tests of people's administration look up behind the pages."""

from sqlalchemy import select

from app.infra.db import transaction
from app.models import Person, PowerfulChange, TableRole


def stored(person):
    with transaction() as session:
        return session.scalars(select(Person).where(Person.id == person.id)).one()


def roles_of(person):
    with transaction() as session:
        return session.scalars(
            select(TableRole).where(TableRole.person_id == person.id, TableRole.until_at.is_(None))
        ).all()


def waiting():
    with transaction() as session:
        return session.scalars(
            select(PowerfulChange).where(PowerfulChange.decided_at.is_(None))
        ).all()


def path(person, act=""):
    return f"/admin/people/{person.id}{act}"
