"""Giving input: one of four answers, changeable by the source until it is on the table.

The text becomes a section sourced by the own organisation, seen by source and staff until it is
disclosed.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, LoadedSection, OwnRequest, Permission, audit
from app.access.disclosure import (
    OpenSection,
    put_words,
    read_sections,
    sealed_text,
    section_binding,
)
from app.access.seats.acquaintances import Stage, stage_of
from app.access.seats.input_requests import (
    given_section,
    holder_of,
    input_type,
    staff_request,
)
from app.access.seats.own_input import is_discussed
from app.domain.errors import NotVisible, Reason, Refusal, StaleEdit
from app.domain.kinds import InputAnswer, Regime, RetentionClass
from app.features.seats.sharing import readers_still
from app.infra import clock, crypto
from app.infra.crypto import KeyScope
from app.infra.db import transaction
from app.models import InputRequest, Seat, SeatProposal, Section, SectionType

MOST_TEXT = 1500
MOST_NAME = 120
WAITS_FOR = {Stage.CONFIDENTIALITY: Reason.ACCEPT_FIRST, Stage.ACQUAINTANCE: Reason.LOOK_FIRST}


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenInput:
    """What a representative answers; ``asks``: no reader of the text without the own yes.

    ``no_passing_on``: whoever reads the text is told not to pass it on.
    """

    answer: InputAnswer
    text: str = ""
    regime: Regime = Regime.AVG
    professional: str = ""
    asks: bool = False
    no_passing_on: bool = False


def give(actor: Actor, request_id: uuid.UUID, given: GivenInput) -> None:
    """Answer a request for input; *not known* and the rest close the task at once."""
    check(given)
    with transaction() as session:
        own = access.load_own_request(session, actor, request_id, Permission.INPUT_GIVE)
        stage = stage_of(session, actor, own, now=clock.now())
        if stage is not Stage.OPEN:
            raise Refusal(WAITS_FOR[stage])
        _refuse_unasked(own, given)
        put_answer(
            session, own, given, organisation_id=actor.organisation_id, typist_id=actor.person_id
        )
        own.request.answered_by_id = actor.person_id
        record(session, actor, audit.Event.ADD, own)


def record_by_telephone(
    actor: Actor, request_id: uuid.UUID, said_by_id: uuid.UUID, given: GivenInput
) -> uuid.UUID:
    """Staff take down what a representative said; gives the meeting. Shown to that person later."""
    check(given)
    with transaction() as session:
        own = staff_request(session, actor, request_id)
        # The representative may be answering at this very moment.
        session.refresh(own.request, with_for_update=True)
        if own.request.answered_at is not None:
            raise Refusal(Reason.ALREADY_ANSWERED)
        holder = holder_of(session, own.request.seat_id)
        if holder is None or holder.id != said_by_id:
            raise Refusal(Reason.VALUE_UNKNOWN, "said_by")
        put_answer(
            session, own, given, organisation_id=holder.organisation_id, typist_id=actor.person_id
        )
        own.request.answered_by_id = holder.id
        own.request.recorded_by_id = actor.person_id
        record(session, actor, audit.Event.ADD, own, on_behalf_of_id=holder.id)
        return own.item.meeting_id


def change_own_text(
    actor: Actor, section_id: uuid.UUID, text: str, *, version: int, confirmed: bool
) -> None:
    """Change own input as its source; a stale edit shows what stands now.

    ``confirmed`` says that whoever reads along was seen first. Refusals ANSWER_NEEDS_TEXT,
    CONFIRM_READERS, INPUT_DISCUSSED.
    """
    if not text.strip():
        raise Refusal(Reason.ANSWER_NEEDS_TEXT, "text")
    with transaction() as session:
        loaded, kind = _load_own_input(session, actor, section_id)
        section = loaded.section
        is_late = section.version != version
        if not is_late:
            if is_discussed(session, section.id):
                raise Refusal(Reason.INPUT_DISCUSSED)
            if not confirmed and readers_still(session, actor, section_id, now=clock.now()):
                raise Refusal(Reason.CONFIRM_READERS, "confirmed")
            put_words(section, kind.retention, text)
            section.updated_at = clock.now()
            section.updated_by_id = actor.person_id
        audit.record(
            session,
            actor,
            audit.Entry(
                # Whoever was late is shown what stands: a reading, in this very transaction.
                event=audit.Event.READ if is_late else audit.Event.CHANGE,
                object_kind="section",
                object_id=section.id,
                section_id=section.id,
                case_id=section.case_id,
                ground=loaded.ground,
            ),
        )
    if is_late:
        raise StaleEdit(crypto.unseal(sealed_text(section)), section.version)


@dataclass(frozen=True, slots=True)
class OwnText:
    """Own input as it stands, for changing it; ``None`` in ``readers`` is known to staff alone."""

    section_id: uuid.UUID
    reference: str
    text: str
    version: int
    discussed: bool
    readers: tuple[str | None, ...]


def read_own_text(actor: Actor, section_id: uuid.UUID) -> OwnText:
    """Own input, opened by its source; recorded."""
    with transaction() as session:
        loaded, _kind = _load_own_input(session, actor, section_id)
        opened: list[OpenSection] = [
            one
            for one in read_sections(session, actor, [loaded.case.id], now=clock.now())
            if one.section_id == section_id
        ]
        discussed = is_discussed(session, section_id)
        readers = readers_still(session, actor, section_id, now=clock.now())
    text = crypto.unseal_many([one.text for one in opened])[0]
    return OwnText(
        section_id,
        loaded.case.reference,
        text,
        loaded.section.version,
        discussed,
        tuple(dict.fromkeys(one.organisation for one in readers)),
    )


def _load_own_input(
    session: Session, actor: Actor, section_id: uuid.UUID
) -> tuple[LoadedSection, SectionType]:
    """Input of the own organisation; what it brought otherwise is staff's to edit."""
    loaded = access.load_section(session, actor, section_id, Permission.INPUT_GIVE)
    kind = session.get_one(SectionType, loaded.section.section_type_id)
    if not kind.is_input:
        raise NotVisible
    return loaded, kind


def check(given: GivenInput) -> None:
    """Refuse an answer that promises text and has none, or too much of it."""
    if given.answer is InputAnswer.TEXT and not given.text.strip():
        raise Refusal(Reason.ANSWER_NEEDS_TEXT, "text")
    if len(given.text) > MOST_TEXT:
        raise Refusal(Reason.TEXT_TOO_LONG, "text")


def _refuse_unasked(own: OwnRequest, given: GivenInput) -> None:
    """Past the form too: whether the family is known comes before any content, or instead of it."""
    request = own.request
    goes_on = request.known is True and request.asks_content
    if request.asks_known and not goes_on and given.answer is InputAnswer.TEXT:
        raise Refusal(Reason.STATE_NOT_ALLOWED)


def put_answer(
    session: Session,
    own: OwnRequest,
    given: GivenInput,
    *,
    organisation_id: uuid.UUID,
    typist_id: uuid.UUID,
) -> None:
    """Store an answer with its text and the colleague it names, in the caller's transaction."""
    request: InputRequest = own.request
    request.answer = given.answer
    request.answered_at = clock.now()
    if request.asks_known:
        request.known = given.answer is not InputAnswer.NOT_KNOWN
        request.known_at = request.known_at or clock.now()
    before = given_section(session, own)
    if before is not None:
        _replace_text(session, before, given, typist_id)
    elif given.answer is InputAnswer.TEXT:
        request.section_id = _new_section(session, own, given, organisation_id, typist_id)
    if given.professional and given.answer is not InputAnswer.NOT_KNOWN:
        _propose_seat(session, own, given.professional, organisation_id)


def _replace_text(
    session: Session, section: Section, given: GivenInput, typist_id: uuid.UUID
) -> None:
    """A corrected answer takes the place of the text before; no text leaves none."""
    kind = session.get_one(SectionType, section.section_type_id)
    if given.answer is InputAnswer.TEXT:
        put_words(section, kind.retention, given.text)
    else:
        section.text_ct = None
    section.regime, section.no_passing_on = given.regime, given.no_passing_on
    section.asks_from = section.asks_from or (clock.now() if given.asks else None)
    section.updated_at = clock.now()
    section.updated_by_id = typist_id


def _new_section(
    session: Session,
    own: OwnRequest,
    given: GivenInput,
    organisation_id: uuid.UUID,
    typist_id: uuid.UUID,
) -> uuid.UUID:
    kind = input_type(session, own.case.table_id)
    if kind is None:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    section_id = uuid.uuid4()
    scope = KeyScope.of_case(own.case.id, kind.retention)
    session.add(
        Section(
            id=section_id,
            case_id=own.case.id,
            section_type_id=kind.id,
            source_organisation_id=organisation_id,
            regime=given.regime,
            no_passing_on=given.no_passing_on,
            asks_from=clock.now() if given.asks else None,
            position=0,
            text_ct=crypto.seal(scope, given.text, belongs_to=section_binding(section_id)),
            updated_at=clock.now(),
            updated_by_id=typist_id,
        )
    )
    return section_id


def _propose_seat(
    session: Session, own: OwnRequest, professional: str, organisation_id: uuid.UUID
) -> None:
    seat_id = uuid.uuid4()
    scope = KeyScope.of_case(own.case.id, RetentionClass.SUMMARY)
    session.add(
        Seat(
            id=seat_id,
            item_id=own.item.id,
            organisation_id=organisation_id,
            is_proposed=True,
        )
    )
    sealed = crypto.seal(scope, professional[:MOST_NAME], belongs_to=f"seat:{seat_id}:proposed")
    session.add(SeatProposal(seat_id=seat_id, name_ct=sealed))


def record(
    session: Session,
    actor: Actor,
    event: audit.Event,
    own: OwnRequest,
    *,
    on_behalf_of_id: uuid.UUID | None = None,
) -> None:
    """One line of the log about an answer."""
    audit.record(
        session,
        actor,
        audit.Entry(
            event=event,
            object_kind="input",
            object_id=own.request.id,
            meeting_id=own.item.meeting_id,
            item_id=own.item.id,
            case_id=own.case.id,
            table_id=own.case.table_id,
            on_behalf_of_id=on_behalf_of_id,
        ),
    )
