"""A meeting that is over, in tests: what was written down at it, and the addresses of its minutes."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from app.domain.kinds import PresenceState, RetentionClass
from app.infra import clock, crypto
from app.infra.crypto import KeyScope
from app.models import (
    Addendum,
    AddendumReader,
    AgendaItem,
    Correction,
    Meeting,
    Note,
    NoteReader,
    OralMark,
    Person,
    Seat,
)
from tests import builders
from tests.builders import World
from tests.live import change


def closed_world() -> World:
    """One decision and action per partner, and one of the second item."""
    made = builders.small_world(open_papers=True)
    one, two = made.item, made.second_item
    for seat in (made.police_seat, made.care_seat, made.second_care_seat):
        change(Seat, seat.id, presence=PresenceState.PRESENT)
    builders.decision(one, made.chair, "Afspraakpolitie", to=[made.police_seat])
    builders.decision(one, made.chair, "Afspraakzorg", to=[made.care_seat])
    builders.decision(two, made.chair, "Afspraaktwee", to=[made.second_care_seat])
    police, care = made.police_organisation, made.care_organisation
    builders.action(one, police, made.police, made.chair, safe="Politieneutraal", full="Politievol")
    builders.action(one, care, made.care, made.chair, safe="Zorgneutraal", full="Zorgvol")
    now = clock.now()
    change(
        Meeting, made.meeting.id, started_at=now, closed_at=now, closes_at=now + timedelta(days=7)
    )
    return made


def extract_url(world: World) -> str:
    return f"/my-meetings/{world.meeting.id}/extract"


def minutes_url(world: World) -> str:
    return f"/meetings/{world.meeting.id}/minutes"


def adopt(world: World) -> None:
    """As if its chair had done so, with no version fixed yet."""
    change(Meeting, world.meeting.id, adopted_at=clock.now())


def note(at: AgendaItem, by: Person, text: str, to: Sequence[Seat]) -> Note:
    """A note at an item, for some seats."""
    made = Note(**_written(at, by, "note", text))
    builders.save_all(made, *(NoteReader(note_id=made.id, seat_id=seat.id) for seat in to))
    return made


def addendum(at: AgendaItem, by: Person, text: str, to: Sequence[Seat]) -> Addendum:
    """An addition to adopted minutes, for some seats."""
    made = Addendum(**_written(at, by, "addendum", text))
    readers = (AddendumReader(addendum_id=made.id, seat_id=seat.id) for seat in to)
    builders.save_all(made, *readers)
    return made


def correction(at: AgendaItem, of: Person, text: str, *, answer: str = "") -> Correction:
    """What somebody says of the minutes of an item; settled where there is an answer."""
    key = uuid.uuid4()
    scope = KeyScope.of_case(at.case_id, RetentionClass.DECISIONS)
    more = {"settled_at": clock.now(), "settled_by_id": of.id, "is_taken_over": True}
    if answer:
        bound = f"correction:{key}:answer"
        more["answer_ct"] = crypto.seal(scope, answer, belongs_to=bound)
    return builders.save(
        Correction(
            id=key, item_id=at.id, case_id=at.case_id, person_id=of.id,
            organisation_id=of.organisation_id, at=clock.now(),
            text_ct=crypto.seal(scope, text, belongs_to=f"correction:{key}:text"),
            **(more if answer else {}),
        )
    )  # fmt: skip


def oral(at: AgendaItem, of: Seat, by: Person) -> OralMark:
    """Somebody explained something aloud."""
    return builders.save(
        OralMark(item_id=at.id, seat_id=of.id, recorded_by_id=by.id, recorded_at=clock.now())
    )


def _written(at: AgendaItem, by: Person, kind: str, text: str) -> dict[str, Any]:
    key = uuid.uuid4()
    scope = KeyScope.of_case(at.case_id, RetentionClass.DECISIONS)
    return {
        "id": key,
        "item_id": at.id,
        "case_id": at.case_id,
        "recorded_by_id": by.id,
        "recorded_at": clock.now(),
        "text_ct": crypto.seal(scope, text, belongs_to=f"{kind}:{key}:text"),
    }
