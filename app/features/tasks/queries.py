"""What the holder of a task sees of it: as much as the holder has come to, and never more."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.access import Actor, audit, disclosure
from app.access.disclosure import OpenSection
from app.access.referrals import handover_answers, handover_lists
from app.access.seats.acquaintances import ShownIdentity, Stage
from app.access.tasks import case_lead, coming, holding, tasks
from app.access.tasks.case_lead import Contact, LeadContent
from app.access.tasks.holding import Label, OwnTask
from app.access.tasks.tasks import Slot
from app.domain.kinds import ActionState, Regime, TaskKind
from app.infra import clock, crypto
from app.infra.crypto import Sealed
from app.infra.db import transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionText:
    """One field the task names, as it is read."""

    label_nl: str
    label_en: str
    source: str
    regime: Regime
    no_passing_on: bool
    updated_at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionText:
    """One action of the case, in full where it has a full text."""

    text: str
    organisation: str
    holder: str
    due_on: date
    state: ActionState


@dataclass(frozen=True, slots=True)
class AgreementText:
    """One agreement about safety."""

    text: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class HandoverFacts:
    """To whom the case is offered, and by when an answer is expected."""

    to: str
    proposed_at: datetime
    due_at: datetime
    is_late: bool
    waits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPage:
    """The task at its stage; reference, question and what follows are empty until it is open."""

    id: uuid.UUID
    kind: TaskKind
    stage: Stage
    table: str
    granter: str
    reason: str
    last_at: datetime | None
    slot: Slot | None
    labels: tuple[Label, ...]
    confidentiality_nl: str
    confidentiality_en: str
    identities: tuple[tuple[str, str], ...]
    opens_question: bool
    reference: str
    question: str
    sections: tuple[SectionText, ...]
    agreements: tuple[AgreementText, ...]
    actions: tuple[ActionText, ...]
    contacts: tuple[Contact, ...]
    may_take_over: bool
    handover: HandoverFacts | None

    @property
    def is_lead(self) -> bool:
        """The page is that of a case lead."""
        return self.kind is TaskKind.CASE_LEAD


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read in the transaction, still sealed."""

    labels: list[Label]
    shown: list[ShownIdentity]
    sections: list[OpenSection]
    lead: LeadContent


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingPage:
    """A task that opens later, at a moment not always known; nothing of its case."""

    id: uuid.UUID
    kind: TaskKind
    table: str
    granter: str
    slot: Slot
    opens_at: datetime | None
    earliest_at: datetime


def coming_page(actor: Actor, task_id: uuid.UUID) -> ComingPage | None:
    """The task, if its papers are not open yet; that it was looked at is recorded."""
    with transaction() as session:
        found = coming.find(session, actor, task_id)
        if found is None:
            return None
        audit.record(session, actor, tasks.line_of(found.task, audit.Event.READ))
        return ComingPage(
            id=found.task.id,
            kind=found.task.kind,
            table=found.table,
            granter=found.granter,
            slot=found.slot,
            opens_at=found.opens_at,
            earliest_at=found.earliest_at,
        )


def task_page(actor: Actor, task_id: uuid.UUID, *, with_names: bool) -> TaskPage:
    """Open as much of the task as the holder has come to; what opens is recorded. NotVisible."""
    with transaction() as session:
        own = holding.load_own(session, actor, task_id)
        stage = holding.stage_of(session, actor, own)
        read = _read(session, actor, own, stage, with_names=with_names)
        handover = _handover(session, own)
        audit.record(session, actor, tasks.line_of(own.task, audit.Event.READ))
    question = Sealed(None, "")
    if stage is Stage.OPEN and own.task.opens_question:
        question = disclosure.sealed_question(own.case)
    texts = _open([own.reason, question, *_sealed(read)])
    lead = read.lead
    return TaskPage(
        id=own.task.id,
        kind=own.task.kind,
        stage=stage,
        table=own.table.name,
        granter=own.granter,
        reason=texts[own.reason],
        last_at=tasks.last_moment(own.task),
        slot=own.slot,
        labels=tuple(read.labels),
        confidentiality_nl=own.table.confidentiality_nl,
        confidentiality_en=own.table.confidentiality_en,
        identities=tuple((one.mark, texts[one.text]) for one in read.shown),
        opens_question=own.task.opens_question,
        reference=own.case.reference if stage is Stage.OPEN else "",
        question=texts[question],
        sections=tuple(_section(one, texts[one.text]) for one in read.sections),
        agreements=tuple(
            AgreementText(texts[one.text], one.recorded_at) for one in lead.agreements
        ),
        actions=tuple(_action(one, texts) for one in lead.actions),
        contacts=lead.contacts,
        may_take_over=bool(handover and handover.waits)
        and handover_answers.may_accept(actor, own.task),
        handover=handover,
    )


def _handover(session: Session, own: OwnTask) -> HandoverFacts | None:
    if own.task.handover_id is None:
        return None
    row = session.execute(handover_lists.of_task(own.task)).one()
    one = row.Handover
    waits = not (one.accepted_at or one.refused_at or one.withdrawn_at)
    is_late = waits and one.due_at <= clock.now()
    return HandoverFacts(row.to_table or row.to_team, one.proposed_at, one.due_at, is_late, waits)


def _read(session: Session, actor: Actor, own: OwnTask, stage: Stage, *, with_names: bool) -> _Read:
    now = clock.now()
    labels = holding.labels_of(session, own) if stage is Stage.CONFIDENTIALITY else []
    shown: list[ShownIdentity] = []
    sections: list[OpenSection] = []
    lead = LeadContent()
    if stage is Stage.ACQUAINTANCE and with_names:
        shown = holding.identities_of(session, own)
        audit.record_all(session, actor, holding.revealing(own, shown))
    if stage is Stage.OPEN:
        for identity in (True, False) if with_names else (False,):
            sections += disclosure.read_sections(
                session, actor, [own.case.id], now=now, task_id=own.task.id, identity=identity
            )
        if own.task.kind is TaskKind.CASE_LEAD:
            lead = case_lead.read(session, actor, own)
    return _Read(labels, shown, sections, lead)


def _sealed(read: _Read) -> list[Sealed]:
    return [
        *(one.text for one in read.shown),
        *(one.text for one in read.sections),
        *(one.text for one in read.lead.agreements),
        *(text for one in read.lead.actions for text in (one.safe, one.full)),
    ]


def _open(sealed: list[Sealed]) -> dict[Sealed, str]:
    """With one statement on the key store."""
    each = list(dict.fromkeys(sealed))
    return dict(zip(each, crypto.unseal_many(each), strict=True))


def _section(one: OpenSection, text: str) -> SectionText:
    return SectionText(
        label_nl=one.label_nl,
        label_en=one.label_en,
        source=one.source,
        regime=one.regime,
        no_passing_on=one.no_passing_on,
        updated_at=one.updated_at,
        text=text,
    )


def _action(one: case_lead.LeadAction, texts: dict[Sealed, str]) -> ActionText:
    return ActionText(
        text=texts[one.full] or texts[one.safe],
        organisation=one.organisation,
        holder=one.holder,
        due_on=one.due_on,
        state=one.state,
    )
