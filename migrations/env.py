"""Runs the migrations on the database of the application; one transaction per migration."""

from alembic import context

from app import models  # noqa: F401 - every table has to be known
from app.infra import crypto, outbox  # noqa: F401 - these bring tables of their own
from app.infra.db import Base, db


def run() -> None:
    """Migrate with the application's own engine and its pragmas."""
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            transaction_per_migration=True,
            compare_type=False,
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    message = "migrations need the database itself: run them without --sql"
    raise SystemExit(message)
run()
