"""What the tests of cases look up behind the pages."""

from app.infra.db import transaction


def rows(statement):
    with transaction() as session:
        return session.scalars(statement).all()
