"""Commands for answers by mail: fetch them from the mailbox, or take in one from a pipe."""

from __future__ import annotations

import sys

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from app.features.replies import polling
from app.features.replies.service import receive
from app.infra.imap import MailboxUnreachable
from app.infra.itip import MOST_BYTES
from config import Settings

# sysexits.h: a mail server keeps the message and tries again later.
TRY_AGAIN = 75


@click.group()
def mailbox() -> None:
    """Answers to invitations that come by mail."""


@mailbox.command()
@with_appcontext
def poll() -> None:
    """Take in what arrived in the mailbox of CASUSTAFEL_IMAP_HOST."""
    settings: Settings = current_app.config["SETTINGS"]
    if settings.imap_host is None:
        message = "CASUSTAFEL_IMAP_HOST is not set: there is no mailbox to poll."
        raise click.ClickException(message)
    try:
        number = polling.fetch(settings)
    except MailboxUnreachable as error:
        message = f"the mailbox broke off ({error}); what was not dealt with is still there."
        raise click.ClickException(message) from None
    click.echo(f"{number} message(s) dealt with")


@mailbox.command("receive")
@with_appcontext
def take_in() -> None:
    """Take in one message from standard input, as a mail server pipes it.

    Ends with 75 when the database cannot be reached, so that the mail server tries again; a message
    that makes no sense is taken in like any other and never bounces.
    """
    settings: Settings = current_app.config["SETTINGS"]
    raw = sys.stdin.buffer.read(MOST_BYTES + 1)
    try:
        receive(raw, authserv_id=settings.authserv_id)
    except SQLAlchemyError:
        click.echo("the database cannot be reached; try again later", err=True)
        raise SystemExit(TRY_AGAIN) from None


GROUPS = [mailbox]
