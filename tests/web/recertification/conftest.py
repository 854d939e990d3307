"""The police with a contact and two colleagues at a table, and the care without one."""

from dataclasses import fields
from datetime import timedelta
from types import SimpleNamespace

import pytest

from app.domain.kinds import ContactPart, TableRoleName
from app.infra import clock
from app.models import OrganisationContact
from tests import builders


def name_contact(who, *, at=None):
    return builders.save(
        OrganisationContact(
            organisation_id=who.organisation_id, person_id=who.id, part=ContactPart.CONTACT,
            table_id=at.id if at else None, from_at=clock.now() - timedelta(hours=1),
        )
    )  # fmt: skip


@pytest.fixture
def world(app):
    made = builders.small_world(open_papers=True)
    second = builders.person(made.police_organisation, "T. Tweede")
    contact = builders.person(made.police_organisation, "C. Contact")
    name_contact(contact)
    builders.role(second, made.other_table, TableRoleName.REPRESENTATIVE)
    more = {one.name: getattr(made, one.name) for one in fields(made)}
    return SimpleNamespace(**more, contact=contact, second=second)
