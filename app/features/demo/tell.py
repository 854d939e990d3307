"""Turns the hand-written stories into cases with persons concerned and sealed sections."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from app.access.disclosure import question_binding, section_binding
from app.domain import presets
from app.domain.kinds import CaseState, Regime, RetentionClass
from app.domain.references import new_reference
from app.features.demo.batch import Batch
from app.features.demo.ground import World
from app.features.demo.story import REGIMES, Story
from app.infra.crypto import KeyScope, Unsealed
from app.models import Case, Exclusion, ExclusionReason, PersonConcerned, Recusal, Section

CLOSED_DAYS: Final = 5


@dataclass(frozen=True, slots=True)
class ToldCase:
    """A case as meetings need it: ``sections`` are (code, id, source code, regime).

    ``people``: those of a hand-written case, in their order.
    """

    case_id: uuid.UUID
    table: str
    sections: list[tuple[str, uuid.UUID, str, Regime]] = field(default_factory=list)
    people: list[uuid.UUID] = field(default_factory=list)


def tell(batch: Batch, world: World, story: Story) -> ToldCase:
    """Write one story."""
    told = ToldCase(batch.new_id(), story.table)
    started = world.now - timedelta(days=story.closed_days + batch.chance.randrange(15, 55))
    add_case(
        batch,
        world,
        told=told,
        brought_by=story.brought_by,
        state=story.state,
        question=story.question,
        created_at=started,
        channel=story.channel,
        imported_number=story.imported_number,
        closed_days=story.closed_days,
    )
    for position, person in enumerate(story.people, start=1):
        told.people.append(batch.new_id())
        concerned = add_concerned(
            batch, told, position=position, role=person.role, label=person.label,
            relation=person.relation, address=person.address, concerned_id=told.people[-1],
        )  # fmt: skip
        add_section(
            batch, world, told, code=presets.IDENTITY, source=story.brought_by,
            text=person.identity, concerned_id=concerned, at=started,
        )  # fmt: skip
    for code, (source, text) in story.sections.items():
        if (story.table, code) in world.section_types:
            add_section(batch, world, told, code=code, source=source, text=text, at=started)
    return told


def add_case(batch: Batch, world: World, *, told: ToldCase, **values: object) -> None:
    """One case row; the reference is random but the same for the same seed."""
    reference = new_reference(world.prefixes[told.table], batch.chance.randrange)
    while reference in world.references:
        reference = new_reference(world.prefixes[told.table], batch.chance.randrange)
    world.references.add(reference)
    world.cases.append(told.case_id)
    brought_by, question = str(values.pop("brought_by")), str(values.pop("question"))
    closed_days = values.pop("closed_days", CLOSED_DAYS)
    closed = values["state"] is CaseState.CLOSED
    batch.add(
        Case,
        id=told.case_id,
        reference=reference,
        table_id=world.tables[told.table],
        bringing_organisation_id=world.organisations[brought_by],
        question_ct=_summary(told.case_id, question, question_binding(told.case_id)),
        closed_at=world.now - timedelta(days=int(str(closed_days))) if closed else None,
        **values,
    )


def add_concerned(
    batch: Batch, told: ToldCase, *, position: int, role: str, label: str, relation: str,
    address: int, concerned_id: uuid.UUID | None = None,
) -> uuid.UUID:  # fmt: skip
    """One person concerned; label and relation say nothing that identifies."""
    concerned_id = concerned_id or batch.new_id()
    bound = f"person_concerned:{concerned_id}"
    return batch.add(
        PersonConcerned,
        id=concerned_id,
        case_id=told.case_id,
        position=position,
        role=role,
        label_ct=_summary(told.case_id, label, f"{bound}:label"),
        relation_ct=_summary(told.case_id, relation, f"{bound}:relation"),
        address_group=address,
    )


def add_section(
    batch: Batch,
    world: World,
    told: ToldCase,
    *,
    code: str,
    source: str,
    text: str,
    at: object,
    concerned_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """One section, sealed under the class of its type; gives its id."""
    section_id = batch.new_id()
    is_identity = code == presets.IDENTITY
    retention = RetentionClass.IDENTITY if is_identity else RetentionClass.SUMMARY
    from_source = code in ("criminal", "care", presets.INPUT)
    regime = REGIMES.get(source, Regime.AVG) if from_source else Regime.AVG
    batch.add(
        Section,
        id=section_id,
        case_id=told.case_id,
        section_type_id=world.section_types[told.table, code],
        source_organisation_id=world.organisations[source],
        person_concerned_id=concerned_id,
        regime=regime,
        text_ct=Unsealed(
            KeyScope.of_case(told.case_id, retention), text, section_binding(section_id)
        ),
        updated_at=at,
    )
    told.sections.append((code, section_id, source, regime))
    return section_id


def _summary(case_id: uuid.UUID, text: str, belongs_to: str) -> Unsealed | None:
    """Nothing where there is no text, as in a case whose summary was destroyed."""
    if not text:
        return None
    return Unsealed(KeyScope.of_case(case_id, RetentionClass.SUMMARY), text, belongs_to)


def keep_out(
    batch: Batch, world: World, *, excluded: tuple[str, ToldCase], recused: tuple[str, ToldCase]
) -> None:
    """A relative who is excluded, and somebody who knows the family and withdrew."""
    person, told = excluded
    exclusion_id = batch.new_id()
    batch.add(
        Exclusion,
        id=exclusion_id,
        person_id=world.people[person],
        case_id=told.case_id,
        from_at=world.now - timedelta(days=8),
        recorded_by_id=world.people["joost"],
    )
    batch.link(
        ExclusionReason,
        exclusion_id=exclusion_id,
        text_ct=Unsealed(
            KeyScope.of_exclusions(told.case_id), "Buurvrouw.", f"exclusion:{exclusion_id}:reason"
        ),
    )
    person, told = recused
    batch.add(
        Recusal,
        person_id=world.people[person],
        case_id=told.case_id,
        at=world.now - timedelta(days=3),
    )
