"""Fetches what arrived in the mailbox of answers; where none is set up it does nothing."""

from __future__ import annotations

from functools import partial

from app.features.replies.service import receive
from app.infra import imap
from app.infra.imap import Mailbox
from config import Settings


def fetch(settings: Settings) -> int:
    """Take in what arrived; gives how many messages. Raises `imap.MailboxUnreachable`."""
    if settings.imap_host is None:
        return 0
    mailbox = Mailbox(
        host=settings.imap_host,
        port=settings.imap_port,
        user=settings.imap_user,
        password=settings.imap_password,
        security=settings.imap_security,
        folder=settings.imap_folder,
        done_folder=settings.imap_done_folder,
    )
    return imap.poll(mailbox, partial(receive, authserv_id=settings.authserv_id))
