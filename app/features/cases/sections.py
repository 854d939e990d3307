"""Writing sections: each with its source and regime; who reads along is shown before a change."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.access import Actor, Permission, audit, load_section
from app.access.disclosure import ask_source_again, put_words, sealed_text
from app.access.records.case_sections import SectionWords, write_section
from app.access.records.new_cases import record
from app.access.referrals import marks
from app.domain.errors import NotVisible, Reason, Refusal, StaleEdit
from app.domain.kinds import Regime
from app.domain.states import SHUT
from app.features.cases.case_page import readers_of
from app.features.cases.service import load_open_case
from app.infra import clock, crypto
from app.infra.db import transaction
from app.models import Case, Section, SectionType


class NamesScreened(StaleEdit):
    """Somebody was first, and what stands there is a name that does not show just now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSection:
    """What staff type for a new section."""

    type_id: uuid.UUID
    source_id: uuid.UUID
    regime: Regime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionToEdit:
    """A section as it stands, with the organisations that read along."""

    id: uuid.UUID
    case_id: uuid.UUID
    reference: str
    label_nl: str
    label_en: str
    is_identity: bool
    regime: Regime
    text: str
    version: int
    readers: tuple[str, ...]


def add_section(actor: Actor, case_id: uuid.UUID, new: NewSection) -> uuid.UUID:
    """Write a section; nobody but staff and source sees it until it is disclosed."""
    with transaction() as session:
        case = load_open_case(session, actor, case_id)
        kind = session.get(SectionType, new.type_id)
        if kind is None or kind.table_id != case.table_id or kind.is_identity:
            raise Refusal(Reason.VALUE_UNKNOWN, "kind")
        words = SectionWords(source_id=new.source_id, regime=new.regime, text=new.text)
        return write_section(session, actor, case, kind, words)


def section_to_edit(
    actor: Actor, case_id: uuid.UUID, section_id: uuid.UUID, *, names: bool, typed: bool
) -> SectionToEdit:
    """Read a section for editing; an identity section opens only while names are shown.

    What was ``typed`` while they were shown is still taken when the five minutes ran out meanwhile:
    the form then comes back without the text that stands.
    """
    with transaction() as session:
        section, case, kind = _load(session, actor, case_id, section_id)
        is_screened = kind.is_identity and not names
        if is_screened and not typed:
            raise NotVisible
        readers = readers_of(session, actor, section)
        if not is_screened:
            _record_reading(session, actor, case, section, kind)
    return SectionToEdit(
        id=section.id,
        case_id=case.id,
        reference=case.reference,
        label_nl=kind.label_nl,
        label_en=kind.label_en,
        is_identity=kind.is_identity,
        regime=section.regime,
        text="" if is_screened else crypto.unseal(sealed_text(section)),
        version=section.version,
        readers=readers,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionChange:
    """A new text for a section; ``confirmed`` says the readers were seen first.

    ``names`` says whether names show in this session just now.
    """

    regime: Regime
    text: str
    version: int
    confirmed: bool
    names: bool


def change_section(
    actor: Actor, case_id: uuid.UUID, section_id: uuid.UUID, change: SectionChange
) -> None:
    """Replace the text; StaleEdit when somebody was first, refused without confirmed readers.

    What stands is shown to whoever was late, and that is recorded as a reading; names that are
    screened just now stay so: then NamesScreened.
    """
    with transaction() as session:
        section, case, kind = _load(session, actor, case_id, section_id)
        is_late = section.version != change.version
        if is_late and kind.is_identity and not change.names:
            raise NamesScreened("", change.version)
        if is_late:
            _record_reading(session, actor, case, section, kind)
        else:
            _replace(session, actor, section, change)
            put_words(section, kind.retention, change.text)
            if kind.is_identity and section.person_concerned_id is not None:
                marks.remember(session, case.id, section.person_concerned_id, change.text)
            record(session, actor, audit.Event.CHANGE, case, kind="section", object_id=section.id)
    if is_late:
        raise StaleEdit(crypto.unseal(sealed_text(section)), section.version)


def _replace(session: Session, actor: Actor, section: Section, change: SectionChange) -> None:
    """Everything about a section but its text."""
    if not change.confirmed and readers_of(session, actor, section):
        raise Refusal(Reason.CONFIRM_READERS, "confirmed")
    _refuse_to_free(actor, section, change.regime)
    is_anothers = section.source_organisation_id != actor.organisation_id
    if is_anothers or change.regime is not section.regime:
        # The source decided on the words that stood there; it has not seen these.
        ask_source_again(session, section)
    section.regime = change.regime
    section.updated_at = clock.now()
    section.updated_by_id = actor.person_id


def _record_reading(
    session: Session, actor: Actor, case: Case, section: Section, kind: SectionType
) -> None:
    event = audit.Event.REVEAL if kind.is_identity else audit.Event.READ
    record(session, actor, event, case, kind="section", object_id=section.id)


def _refuse_to_free(actor: Actor, section: Section, regime: Regime) -> None:
    """Calling it ordinary data would open it without its source's decision (access.md §1)."""
    is_freed = section.regime is not Regime.AVG and regime is Regime.AVG
    if is_freed and section.source_organisation_id != actor.organisation_id:
        raise Refusal(Reason.SOURCE_DECIDES, "regime")


def _load(
    session: Session, actor: Actor, case_id: uuid.UUID, section_id: uuid.UUID
) -> tuple[Section, Case, SectionType]:
    found = load_section(session, actor, section_id, Permission.CASE_UPDATE)
    if found.case.id != case_id:
        raise NotVisible
    if found.case.state in SHUT:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    kind = session.get_one(SectionType, found.section.section_type_id)
    return found.section, found.case, kind
