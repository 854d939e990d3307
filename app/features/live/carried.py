"""Showing the full text of an action from before to everybody at an item, and ending that."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from app import access
from app.access import Actor, Permission, audit
from app.access.messages.hidden_names import names_about
from app.access.records import carried
from app.access.records.carried import Reader
from app.domain.errors import Reason, Refusal
from app.domain.kinds import Ground
from app.domain.leaks import findings
from app.infra import clock, crypto
from app.infra.db import transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowPage:
    """What would be shown, and to whom; ``is_settled``: nobody would read more than before."""

    meeting_id: uuid.UUID
    item_id: uuid.UUID
    action_id: uuid.UUID
    reference: str
    safe: str
    full: str
    is_shown: bool
    may_show: bool
    readers: tuple[Reader, ...]

    @property
    def is_settled(self) -> bool:
        """Shown already, or everybody here sat where the action comes from."""
        return self.is_shown or all(one.reads_already for one in self.readers)


def page_of(actor: Actor, item_id: uuid.UUID, action_id: uuid.UUID) -> ShowPage:
    """The check page; reading the text is recorded. NotVisible."""
    with transaction() as session:
        at = access.load_item(session, actor, item_id, Permission.MEETING_CLOSE)
        one = carried.load_carried(session, actor, at, action_id)
        readers = carried.readers(session, at, action_id, now=clock.now())
        audit.record_all(session, actor, carried.readings([one], at.meeting, Ground.STAFF))
    safe, full = crypto.unseal_many([one.safe, one.full])
    return ShowPage(
        meeting_id=at.meeting.id,
        item_id=item_id,
        action_id=action_id,
        reference=at.case.reference if at.case else "",
        safe=safe,
        full=full,
        is_shown=one.is_shown,
        may_show=carried.may_show(actor, at.meeting) and bool(full) and not one.is_hidden,
        readers=readers,
    )


def show(actor: Actor, item_id: uuid.UUID, action_id: uuid.UUID) -> uuid.UUID:
    """Agree; gives the meeting. NotVisible, NotPermitted, Refusal.

    NAMES_HIDDEN where the text names whom only staff may know of: it was written for fewer readers.
    """
    with transaction() as session:
        at = access.load_item(session, actor, item_id, Permission.MEETING_CLOSE)
        # Of two who agree at once the second finds that it is shown.
        session.refresh(at.item, with_for_update={"key_share": True})
        one = carried.load_carried(session, actor, at, action_id)
        carried.show(session, actor, at, one)
        [full] = crypto.unseal_many([one.full])
        if at.case and findings(full, names_about(session, actor, at.case).words(())):
            raise Refusal(Reason.NAMES_HIDDEN)
        return at.meeting.id


def hide(actor: Actor, item_id: uuid.UUID, action_id: uuid.UUID) -> uuid.UUID:
    """Take that back; gives the meeting. NotVisible, NotPermitted."""
    with transaction() as session:
        at = access.load_item(session, actor, item_id, Permission.MEETING_CLOSE)
        one = carried.load_carried(session, actor, at, action_id)
        carried.hide(session, actor, at, one)
        return at.meeting.id
