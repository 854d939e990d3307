"""Acts that leave nothing: each is tried whole, and is gone for the next."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy.orm import Session


@contextmanager
def undone() -> Iterator[None]:
    """Every unit of work inside ends as if it had been committed, and leaves nothing."""

    def forget(session: Session) -> None:
        session.flush()
        # What was loaded is used after the commit; a rollback would empty it.
        session.expunge_all()
        session.rollback()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Session, "commit", forget)
        yield
