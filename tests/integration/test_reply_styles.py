"""From the invitation that leaves to the answer that counts, in each way to write a reply address."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_string

import pytest

from app.domain.kinds import InvitationAnswer, ReplyState
from app.features.replies.service import receive
from app.infra import clock, demo_reply, ics, letters, mailbox, outbox, reply_address
from app.infra.calendar_queue import queue_calendar
from app.infra.db import transaction
from config import ReplyStyle
from tests import builders
from tests.replies import hold_of


@pytest.mark.parametrize("style", ReplyStyle)
def test_what_is_sent_can_be_answered(app, settings, mails, style) -> None:
    letters.set_up(replace(settings, reply_style=style))
    world = builders.small_world()
    with transaction() as session:
        queue_calendar(session, world.meeting.id, [world.police.id])
    outbox.drain()
    clock._current.advance(timedelta(minutes=2))
    outbox.drain()
    [mail] = mails(recipient=world.police.email)
    event = ics.read_event(mail.calendar)
    organiser = reply_address.organiser_of(event.uid)
    head = message_from_string(mailbox.read_source(settings.mail_folder, mail.name))
    unfolded = mail.calendar.replace("\r\n", "\n").replace("\n ", "")
    if style is ReplyStyle.FIXED:
        assert (mail.sender, head["Reply-To"]) == (settings.mail_from, organiser)
        assert f'SENT-BY="mailto:{settings.mail_from}":mailto:{organiser}' in unfolded
    else:
        assert (mail.sender, head["Reply-To"]) == (organiser, None)
        assert f"ORGANIZER;CN=Casustafel:mailto:{organiser}" in unfolded
    raw = demo_reply.write_reply(mail, event, "ACCEPTED")
    assert receive(raw, authserv_id=demo_reply.AUTHSERV_ID) == (ReplyState.APPLIED,)
    assert hold_of(world.police_seat).answer is InvitationAnswer.YES
