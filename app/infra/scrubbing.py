"""Leaves nothing of deleted rows in the files of a SQLite database; never deletes anything itself.

On PostgreSQL the application owns no table and may not rewrite one: there the server's own vacuum
frees the space, and what was confidential in it is ciphertext whose key is gone.
"""

from __future__ import annotations

from sqlalchemy.engine import Engine

_LOG_WAS_BUSY = 1


class FileBusyError(Exception):
    """Somebody reads the database just now; try again in a while."""


def scrub(engine: Engine) -> None:
    """Rewrite the file without its free pages and empty the write-ahead log.

    Call outside any unit of work. Raises FileBusyError when a reader keeps the log from going.
    """
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("VACUUM")
        busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        cursor.close()
    finally:
        connection.close()
    if busy == _LOG_WAS_BUSY:
        raise FileBusyError
