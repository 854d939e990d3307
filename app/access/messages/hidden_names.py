"""Names of organisations whose place at a meeting only staff may know of, such as a shelter.

They are compared with and never shown; whoever asks is staff of the table.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.access import conditions as c
from app.access.actor import Actor
from app.domain.leaks import CaseWords, words_of_names
from app.infra import clock
from app.models import AgendaItem, Case, Organisation, Seat

_OPEN_SEAT = aliased(Seat)
_OPEN_ITEM = aliased(AgendaItem)


@dataclass(frozen=True, slots=True)
class HiddenNames:
    """Names with their codes; ``words`` is what no text for others may hold."""

    names: tuple[str, ...]
    codes: tuple[str, ...]

    def words(self, known: Iterable[str]) -> CaseWords:
        """What names them; words of ``known`` betray nothing, their own names aside."""
        others = tuple(one for one in known if one not in self.names)
        return words_of_names(self.names, codes=self.codes, known=others)

    def but(self, name: str) -> HiddenNames:
        """The same for who may know of one of them: itself."""
        kept = [one for one in zip(self.names, self.codes, strict=True) if one[0] != name]
        return HiddenNames(tuple(one for one, _ in kept), tuple(code for _, code in kept))


def names_at(session: Session, actor: Actor, meeting_id: uuid.UUID) -> HiddenNames:
    """Those of one meeting; who also sits there openly is known. Barred cases do not count."""
    return _names(
        session, actor, AgendaItem.meeting_id == meeting_id, _OPEN_ITEM.meeting_id == meeting_id
    )


def names_about(session: Session, actor: Actor, case: Case) -> HiddenNames:
    """Those of every item of a loaded case; who also sat at one openly is known."""
    return _names(session, actor, AgendaItem.case_id == case.id, _OPEN_ITEM.case_id == case.id)


def _names(session: Session, actor: Actor, at: c.Condition, openly_at: c.Condition) -> HiddenNames:
    openly = (
        select(_OPEN_SEAT.organisation_id)
        .join(_OPEN_ITEM, _OPEN_ITEM.id == _OPEN_SEAT.item_id)
        .where(
            openly_at,
            _OPEN_SEAT.removed_at.is_(None),
            _OPEN_SEAT.is_staff_only.is_(False),
        )
    )
    rows = session.execute(
        select(Organisation.name, Organisation.code)
        .join(Seat, Seat.organisation_id == Organisation.id)
        .join(AgendaItem, AgendaItem.id == Seat.item_id)
        .join(Case, Case.id == AgendaItem.case_id)
        .where(
            at,
            Seat.removed_at.is_(None),
            Seat.is_staff_only.is_(True),
            Organisation.id.not_in(openly),
            c.is_staff_table(actor, Case.table_id),
            c.is_not_barred(actor, clock.now()),
        )
        .distinct()
    ).all()
    return HiddenNames(tuple(row.name for row in rows), tuple(row.code for row in rows))
