"""Keeps the addresses that are keys out of every log line; it changes nothing else.

A calendar subscription and a one-time link carry their secret in the path, where web servers write
it down. This covers the servers that run inside the process; a proxy in front needs its own line.
"""

from __future__ import annotations

import logging
import re
from typing import Any, Final

# Who writes request lines: the server of `flask run`, and gunicorn when asked for an access log.
LOGGERS: Final = ("gunicorn.access", "gunicorn.error", "werkzeug")
_SECRET: Final = re.compile(r"(/(?:calendar|welcome)/)[^/?\s\"']{16,}")


def mask(text: str) -> str:
    """The text with the secret part of such addresses taken out."""
    return _SECRET.sub(r"\1…", text)


class Mask(logging.Filter):
    """Masks the message and its values before anything formats them."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record in place; every record passes."""
        if isinstance(record.msg, str):
            record.msg = mask(record.msg)
        if isinstance(record.args, dict):
            # In place: gunicorn's own mapping answers "-" for what it does not have.
            for name, value in list(record.args.items()):
                record.args[name] = _masked(value)
        elif record.args:
            record.args = tuple(_masked(value) for value in record.args)
        return True


def _masked(value: Any) -> Any:  # noqa: ANN401 - whatever somebody logs
    return mask(value) if isinstance(value, str) else value


def install() -> None:
    """Put the mask in front of every logger that sees addresses; twice is once."""
    for name in LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(one, Mask) for one in logger.filters):
            logger.addFilter(Mask())
