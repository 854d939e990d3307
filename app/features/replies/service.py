"""Takes in one mail: each answer in it is applied or stored with the reason why not, exactly once.

An answer never changes a time of ours, opens nothing, and is never answered: a stranger learns
nothing from writing, and two machines cannot keep writing to each other.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access import load_actor
from app.access.messages import replies as stored
from app.access.messages.entries import Entry, find_entry, find_entry_that
from app.access.seats.answers import give_answer, seats_to_answer
from app.domain.errors import NotVisible
from app.domain.kinds import InvitationAnswer, Participation, ReplyReason, ReplyState
from app.features.replies.judging import SAID, UNPROVED, Proof, Verdict, judge, prove, same_mailbox
from app.infra import clock, crypto, itip, reply_address, wall
from app.infra.crypto import KeyScope
from app.infra.db import transaction
from app.infra.itip import Incoming, Kind
from app.infra.itip_object import Answer
from app.infra.wall import System
from app.models import Person, Reply

QUARANTINE_KEPT = timedelta(days=30)
# Where an audit line has the address of a browser, this stands for a mail.
BY_MAIL = "by mail"
ANSWERS = {
    Participation.ACCEPTED: InvitationAnswer.YES,
    Participation.DECLINED: InvitationAnswer.NO,
    # Not a no and not yet a yes: it stays open, and the preparation page says so.
    Participation.TENTATIVE: InvitationAnswer.OPEN,
}
NOT_FOR_US = {
    Kind.AUTOMATIC: ReplyReason.AUTOMATIC,
    Kind.TOO_LARGE: ReplyReason.TOO_LARGE,
    Kind.UNREADABLE: ReplyReason.UNREADABLE,
}


def receive(raw: bytes, *, authserv_id: str | None) -> tuple[ReplyState, ...]:
    """Take in one message as it came, in one transaction; gives what became of each answer in it.

    The same message again changes nothing and gives nothing. Raises only what the database raises.
    """
    incoming = itip.read(raw)
    try:
        return _take_in(incoming, authserv_id)
    except IntegrityError:
        # Another reader had the same message in hand; what it stored is found now.
        return _take_in(incoming, authserv_id)


def _take_in(incoming: Incoming, authserv_id: str | None) -> tuple[ReplyState, ...]:
    with wall.acting_as(System.MAIL_READER), transaction() as session:
        now = clock.now()
        stored.forget_quarantined(session, before=now - QUARANTINE_KEPT)
        desk = _Desk(session, incoming, authserv_id, now)
        if incoming.kind is Kind.ANSWER:
            found = [desk.take_answer(answer) for answer in incoming.answers]
        elif incoming.kind is Kind.WORDS:
            found = [desk.take_words()]
        elif incoming.kind is Kind.BOUNCE:
            found = [desk.take_bounce()]
        else:
            found = [desk.quarantine(NOT_FOR_US[incoming.kind])]
        return tuple(state for state in found if state is not None)


@dataclass(frozen=True, slots=True)
class _Desk:
    """One mail on the table, inside one transaction."""

    session: Session
    incoming: Incoming
    authserv_id: str | None
    now: datetime

    def take_answer(self, answer: Answer) -> ReplyState | None:
        """One VEVENT: applied when everything is right, else kept with the reason."""
        entry = find_entry(self.session, answer.uid)
        if entry is None:
            return self.quarantine(ReplyReason.UNKNOWN_ENTRY)
        person = self._locked(entry.person_id)
        proof = self._proof(entry, person, answer.organiser)
        verdict = judge(answer, entry, person.email, proof, now=self.now)
        said_at = self._said_at(answer.stamp)
        key = _key(answer, self._raw_moment(answer.stamp))
        if verdict[1] in UNPROVED or said_at is None:
            key = _hash(key, self.incoming.digest)
        known = stored.find_reply(self.session, key)
        if known is not None:
            key = _hash(key, self.incoming.digest)
            if _is_same(known, answer) or stored.find_reply(self.session, key) is not None:
                return None
            if verdict[0] is ReplyState.APPLIED:
                # The same moment says yes and no: only a person can tell which was meant.
                verdict = (ReplyState.HELD, ReplyReason.CONTRADICTS)
        if verdict[0] is ReplyState.APPLIED:
            verdict = self._apply(entry, answer, said_at or self.now)
            stored.clear_bounced(self.session, person.email.lower())
        self._store(key, verdict, entry=entry, answer=answer, said_at=said_at, text=answer.comment)
        return verdict[0]

    def take_words(self) -> ReplyState | None:
        """Words without a calendar part: for the coordinator, when sent to an entry's address."""
        entry = self._entry_written_to()
        key = _hash("words", self.incoming.digest)
        if entry is None:
            return self.quarantine(ReplyReason.UNKNOWN_ENTRY)
        if stored.find_reply(self.session, key) is not None:
            return None
        person = self._locked(entry.person_id)
        lacking = self._proof(entry, person, "").lacking
        verdict = (ReplyState.HELD, lacking or ReplyReason.WORDS)
        if not lacking:
            stored.clear_bounced(self.session, person.email.lower())
        self._store(
            key, verdict, entry=entry, said_at=self._said_at(None), text=self.incoming.words
        )
        return verdict[0]

    def take_bounce(self) -> ReplyState | None:
        """A report that a mail came back; it marks only the address of whom that was sent to."""
        bounce = self.incoming.bounce
        key = _hash("bounce", self.incoming.digest)
        if bounce is None or stored.find_reply(self.session, key) is not None:
            return None
        entry = self._entry_written_to()
        person_id = entry.person_id if entry else None
        if person_id is None:
            person_id = stored.recipient_of(self.session, bounce.message_ids)
        person = self.session.get(Person, person_id) if person_id else None
        if person is None or not any(same_mailbox(one, person.email) for one in bounce.recipients):
            return self.quarantine(ReplyReason.UNKNOWN_ENTRY)
        stored.mark_bounced(self.session, person.email.lower(), at=self.now)
        self._store(key, (ReplyState.BOUNCED, None), entry=entry, person_id=person.id)
        return ReplyState.BOUNCED

    def quarantine(self, reason: ReplyReason) -> ReplyState | None:
        """Note that something came that is not about us, and nothing of what it says."""
        key = _hash("quarantine", self.incoming.digest)
        if stored.find_reply(self.session, key) is not None:
            return None
        self.session.add(
            Reply(
                key_hash=key,
                received_at=self.now,
                said_at=self.now,
                state=ReplyState.QUARANTINED,
                reason=reason,
            )
        )
        self.session.flush()
        return ReplyState.QUARANTINED

    def _apply(self, entry: Entry, answer: Answer, said_at: datetime) -> Verdict:
        """The same act as the answer on the own page, for every seat of the entry."""
        newest = stored.last_applied_at(self.session, entry.uid, answer.occurrence_at)
        if newest is not None and newest > said_at:
            return ReplyState.OLD, ReplyReason.NEWER_ANSWER
        if not entry.has_slots:
            return ReplyState.APPLIED, None
        try:
            actor = load_actor(self.session, entry.person_id, now=self.now, address=BY_MAIL)
        except NotVisible:
            return ReplyState.HELD, ReplyReason.NO_ACCOUNT
        seats = seats_to_answer(self.session, actor, entry.item_ids, now=self.now)
        if not seats:
            return ReplyState.OLD, ReplyReason.NO_SEAT
        open_seats = [key for key, last in seats.items() if last is None or last <= said_at]
        for seat_id in open_seats:
            give_answer(self.session, actor, seat_id, ANSWERS[_said(answer)], said_at=said_at)
        if not open_seats:
            return ReplyState.OLD, ReplyReason.NEWER_ANSWER
        return ReplyState.APPLIED, None

    def _store(
        self,
        key: str,
        verdict: Verdict,
        *,
        entry: Entry | None,
        answer: Answer | None = None,
        person_id: uuid.UUID | None = None,
        said_at: datetime | None = None,
        text: str = "",
    ) -> None:
        reply_id = uuid.uuid4()
        made = Reply(
            id=reply_id,
            key_hash=key,
            received_at=self.now,
            state=verdict[0],
            reason=verdict[1],
            said_at=said_at or self.now,
            sender=self.incoming.sender,
            person_id=entry.person_id if entry else person_id,
        )
        if entry is not None:
            made.uid, made.table_id = entry.uid, entry.table_id
            made.meeting_id, made.invitation_id = entry.meeting_id, entry.invitation_id
            if text:
                scope = KeyScope.of_reply(reply_id)
                made.text_ct = crypto.seal(scope, text, belongs_to=f"reply:{reply_id}:text")
        if answer is not None:
            made.attendee, made.delegated_to = answer.attendee, answer.delegated_to
            made.sequence, made.participation = answer.sequence, _said(answer)
            made.occurrence_at = answer.occurrence_at
            made.proposed_starts_at = answer.proposed_starts_at
            made.proposed_ends_at = answer.proposed_ends_at
        self.session.add(made)
        self.session.flush()

    def _locked(self, person_id: uuid.UUID) -> Person:
        """The recipient; two answers of one person are taken in after each other."""
        statement = select(Person).where(Person.id == person_id)
        return self.session.scalars(statement.with_for_update(key_share=True)).one()

    def _proof(self, entry: Entry, person: Person, organiser: str) -> Proof:
        return prove(
            self.incoming, entry, person.email, organiser=organiser, authserv_id=self.authserv_id
        )

    def _entry_written_to(self) -> Entry | None:
        tokens = [token for token in map(reply_address.token_of, self.incoming.recipients) if token]
        if not tokens:
            return None
        return find_entry_that(
            self.session,
            lambda uid: any(reply_address.fits(uid, token) for token in tokens),
            now=self.now,
        )

    def _raw_moment(self, stamp: datetime | None) -> datetime | None:
        return stamp or self.incoming.sent_at

    def _said_at(self, stamp: datetime | None) -> datetime | None:
        """DTSTAMP, else Date; a clock that runs ahead may not outdo every later answer."""
        moment = self._raw_moment(stamp)
        return min(moment, self.now) if moment else None


def _said(answer: Answer) -> Participation:
    return SAID.get(answer.partstat, Participation.NONE)


def _is_same(known: Reply, answer: Answer) -> bool:
    return (known.participation, known.proposed_starts_at) == (
        _said(answer),
        answer.proposed_starts_at,
    )


def _key(answer: Answer, moment: datetime | None) -> str:
    parts = (answer.uid, answer.occurrence_at, answer.attendee, answer.sequence, moment)
    # A proposal says nothing about the answer that may come with it.
    return _hash(answer.method, *map(str, parts))


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
