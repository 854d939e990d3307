"""What staff do with an answer that waits: take it over on the person's behalf, or put it aside.

Taking over is what staff do with an answer by telephone: the person confirms or corrects it later.
"""

from __future__ import annotations

import uuid

from app.access import Actor, Permission, audit
from app.access.messages import replies as stored
from app.domain.errors import Reason, Refusal
from app.domain.kinds import InvitationAnswer, Participation, ReplyState
from app.infra import clock
from app.infra.db import transaction
from app.models import Reply

ANSWERS = {
    Participation.ACCEPTED: InvitationAnswer.YES,
    Participation.DECLINED: InvitationAnswer.NO,
}


def is_undecided(reply: Reply) -> bool:
    """Nobody looked at it yet, and somebody should; the same in SQL is `replies.is_waiting`."""
    has_words = reply.state in (ReplyState.APPLIED, ReplyState.OLD) and reply.text_ct is not None
    return reply.decided_at is None and (reply.state is ReplyState.HELD or has_words)


def may_take_over(reply: Reply) -> bool:
    """It was held, and says yes or no."""
    return (
        reply.state is ReplyState.HELD
        and reply.decided_at is None
        and reply.participation in ANSWERS
    )


def may_put_aside(actor: Actor, reply: Reply) -> bool:
    """It waits, and nothing is written beside it that the actor may not read."""
    is_read = reply.text_ct is None or stored.may_read_words(actor, reply)
    return is_undecided(reply) and is_read


def take_over(actor: Actor, reply_id: uuid.UUID) -> None:
    """Record the answer at every seat of the entry, on behalf of the person invited."""
    with transaction() as session:
        reply: Reply = stored.load_reply(session, actor, reply_id, Permission.REPLY_DECIDE).Reply
        seats = stored.seats_of_reply(session, actor, reply, now=clock.now())
        if not may_take_over(reply) or not seats:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        for row in seats:
            row.SeatHold.answer = ANSWERS[reply.participation]
            row.SeatHold.answered_at = clock.now()
            row.SeatHold.answer_recorded_by_id = actor.person_id
            row.SeatHold.answer_confirmed_at = None
        audit.record(
            session,
            actor,
            entry_of(reply, audit.Event.CHANGE),
            *(
                audit.Entry(
                    event=audit.Event.CHANGE,
                    object_kind="answer",
                    object_id=row.Seat.id,
                    table_id=row.Meeting.table_id,
                    meeting_id=row.Meeting.id,
                    item_id=row.AgendaItem.id,
                    case_id=row.Case.id,
                    on_behalf_of_id=reply.person_id,
                )
                for row in seats
            ),
        )
        _decide(reply, actor, was_taken_over=True)


def put_aside(actor: Actor, reply_id: uuid.UUID) -> None:
    """Nothing more is to be done with it."""
    with transaction() as session:
        reply: Reply = stored.load_reply(session, actor, reply_id, Permission.REPLY_DECIDE).Reply
        if not may_put_aside(actor, reply):
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        audit.record(session, actor, entry_of(reply, audit.Event.CHANGE))
        _decide(reply, actor, was_taken_over=False)


def entry_of(reply: Reply, event: audit.Event) -> audit.Entry:
    """The line of the log for something done with an answer."""
    return audit.Entry(
        event=event,
        object_kind="reply",
        object_id=reply.id,
        table_id=reply.table_id,
        meeting_id=reply.meeting_id,
        on_behalf_of_id=reply.person_id,
    )


def _decide(reply: Reply, actor: Actor, *, was_taken_over: bool) -> None:
    reply.decided_at = clock.now()
    reply.decided_by_id = actor.person_id
    reply.was_taken_over = was_taken_over
