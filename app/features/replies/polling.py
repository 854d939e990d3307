"""Fetches what arrived in the mailbox of answers; where none is set up it does nothing."""

from __future__ import annotations

from functools import partial

from app.features.replies.service import receive
from app.infra import imap, signs_of_life
from app.infra.signs_of_life import Sign
from config import Settings


def fetch(settings: Settings) -> int:
    """Take in what arrived; gives how many messages. Raises `imap.MailboxUnreachable`."""
    mailbox = imap.mailbox_of(settings)
    if mailbox is None:
        return 0
    taken = imap.poll(mailbox, partial(receive, authserv_id=settings.authserv_id))
    signs_of_life.give(Sign.MAILBOX)
    return taken
