"""Decides what becomes of one answer before anything is done with it; it asks no database.

The order is that of calendar.md §1d: the entry, the secret, who says it for whom, whether that is
proved, the occurrence, the SEQUENCE, what is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.access.messages.entries import Entry
from app.domain.kinds import Participation, ReplyReason, ReplyState
from app.infra import reply_address
from app.infra.authentication import has_dmarc_pass
from app.infra.itip import Incoming
from app.infra.itip_object import Answer

SAID = {
    "ACCEPTED": Participation.ACCEPTED,
    "DECLINED": Participation.DECLINED,
    "TENTATIVE": Participation.TENTATIVE,
    "DELEGATED": Participation.DELEGATED,
}
# Who is not proved to have said something may not keep the real answer from counting.
UNPROVED = (
    ReplyReason.NO_SECRET,
    ReplyReason.NOT_AUTHENTICATED,
    ReplyReason.SENDER_DIFFERS,
    ReplyReason.SOMEBODY_ELSE,
)

Verdict = tuple[ReplyState, ReplyReason | None]


@dataclass(frozen=True, slots=True)
class Proof:
    """What speaks for the sender of a mail about an entry."""

    has_secret: bool
    is_recipient: bool
    is_authenticated: bool

    @property
    def lacking(self) -> ReplyReason | None:
        """The first thing that is missing; None when everything speaks for the recipient."""
        if not self.has_secret:
            return ReplyReason.NO_SECRET
        if not self.is_recipient:
            return ReplyReason.SENDER_DIFFERS
        return None if self.is_authenticated else ReplyReason.NOT_AUTHENTICATED


def prove(
    incoming: Incoming, entry: Entry, email: str, *, organiser: str, authserv_id: str | None
) -> Proof:
    """Weigh a mail about an entry of the person with this address."""
    addresses = (*incoming.recipients, organiser)
    tokens = [token for token in map(reply_address.token_of, addresses) if token]
    return Proof(
        has_secret=any(reply_address.fits(entry.uid, token) for token in tokens),
        is_recipient=same_mailbox(incoming.sender, email),
        is_authenticated=has_dmarc_pass(
            incoming.authentication,
            authserv_id=authserv_id,
            domain=incoming.sender.rpartition("@")[2],
        ),
    )


def judge(answer: Answer, entry: Entry, email: str, proof: Proof, *, now: datetime) -> Verdict:
    """What is to be done with an answer about ``entry``, whose recipient has address ``email``."""
    lacking = _lacking(answer, email, proof)
    is_older = answer.sequence < entry.sequence_of(answer.occurrence_at)
    is_elsewhere = entry.starts_at and answer.occurrence_at not in (None, entry.starts_at)
    found: tuple[tuple[object, ReplyState, ReplyReason | None], ...] = (
        # Nothing comes of it, but what was typed is read: whether it is proved has to be told.
        (entry.is_over(now), ReplyState.OLD, lacking or ReplyReason.ENTRY_ENDED),
        (lacking, ReplyState.HELD, lacking),
        (answer.partstat == "DELEGATED", ReplyState.HELD, ReplyReason.DELEGATED),
        (answer.delegated_to, ReplyState.HELD, ReplyReason.DELEGATED),
        (is_elsewhere, ReplyState.HELD, ReplyReason.OTHER_OCCURRENCE),
        (is_older, ReplyState.OLD, ReplyReason.OLDER_ENTRY),
        (answer.method == "COUNTER", ReplyState.HELD, ReplyReason.PROPOSAL),
        (answer.partstat not in SAID, ReplyState.HELD, ReplyReason.NO_ANSWER),
        # Nothing of ours can hold that somebody skips a day of a series.
        (
            entry.meeting_id is None and answer.partstat == "DECLINED",
            ReplyState.HELD,
            ReplyReason.SERIES,
        ),
    )
    return next(
        ((state, reason) for holds, state, reason in found if holds), (ReplyState.APPLIED, None)
    )


def _lacking(answer: Answer, email: str, proof: Proof) -> ReplyReason | None:
    if not proof.has_secret:
        return ReplyReason.NO_SECRET
    if not answer.attendee:
        return ReplyReason.NO_ANSWER
    if not same_mailbox(answer.attendee, email):
        return ReplyReason.SOMEBODY_ELSE
    return proof.lacking


def same_mailbox(one: str, other: str) -> bool:
    """Whether two addresses are one mailbox: capitals and a plus alias aside."""
    return bool(one) and _plain(one) == _plain(other)


def _plain(address: str) -> str:
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
