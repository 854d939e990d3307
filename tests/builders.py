"""Small functions that each store one thing, and ``small_world``: a table at work in a few rows.

What they give back is detached: attributes can be read, relations are ids. Text is encrypted as the
product does it.
"""

import base64
import itertools
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import inspect

from app.access.disclosure import question_binding, section_binding
from app.access.meetings.room_view import line_binding
from app.access.meetings.room_windows import hash_token
from app.access.records import paper_copies
from app.domain.kinds import (
    AccountState,
    ActionState,
    AnswerKind,
    AuthorityCheck,
    CallOutcome,
    CaseState,
    ConcernedRole,
    DecisionKind,
    DiscussionKind,
    IdentityCheck,
    ItemKind,
    OrganisationKind,
    Participation,
    PartKind,
    Regime,
    ReplyReason,
    ReplyState,
    RetentionClass,
    TableKind,
    TableRoleName,
    TaskKind,
)
from app.domain.local_time import local_date, to_local
from app.domain.references import ALPHABET
from app.domain.rhythm import RhythmKind
from app.infra import clock, crypto, pdf
from app.infra.crypto import KeyScope, Unsealed
from app.infra.db import transaction
from app.models import (
    Acceptance,
    AccessRequest,
    AccessRequestPart,
    ActingChair,
    Action,
    ActionDisclosure,
    AgendaItem,
    BreakGlass,
    Bystander,
    Call,
    Case,
    CaseTable,
    ClosurePeriod,
    Covenant,
    Decision,
    DecisionAddressee,
    Declaration,
    Disclosure,
    EmergencyReason,
    Exclusion,
    ExclusionReason,
    Handover,
    InputRequest,
    Invitation,
    Meeting,
    Note,
    NoteReader,
    OralMark,
    Organisation,
    PaperCopy,
    Person,
    PersonConcerned,
    PrintRun,
    PrintSheet,
    ProjectedLine,
    Projection,
    Recusal,
    Reply,
    Requester,
    RetentionPart,
    RetentionRun,
    Seat,
    SeatHold,
    SeatProposal,
    Section,
    SectionType,
    Series,
    SourceView,
    StandardDisclosure,
    TableContact,
    TableRole,
    Task,
    TaskReason,
    TaskSection,
)

LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
# Monday 15 June 2026, 13.00 in the Netherlands: two weeks after the frozen clock.
MEETING_START = datetime(2026, 6, 15, 11, 0, tzinfo=UTC)
QUESTION = "Wat is nodig om de veiligheid te herstellen?"

Row = TypeVar("Row")
_shared: ContextVar[list[Any] | None] = ContextVar("shared", default=None)
_numbers = itertools.count(1)


@contextmanager
def together() -> Iterator[None]:
    """Everything built inside is stored at the end, at once: a world is many small rows."""
    rows: list[Any] = []
    token = _shared.set(rows)
    try:
        yield
    finally:
        _shared.reset(token)
    _seal_all(rows)
    with transaction() as session:
        session.add_all(rows)
        session.flush()
        session.expunge_all()


def save(row: Row) -> Row:
    """Store one row and let go of it."""
    save_all(row)
    return row


def save_all(*rows: Any) -> None:
    """Store many rows in one transaction and let go of them."""
    shared = _shared.get()
    if shared is not None:
        shared += [_complete(row) for row in rows]
        return
    with transaction() as session:
        session.add_all(rows)
        session.flush()
        session.expunge_all()


def _complete(row: Row) -> Row:
    """Give a row that is not stored yet what storing would give it, its id first of all."""
    mapper = inspect(type(row))
    for attribute in mapper.column_attrs:
        default = attribute.columns[0].default
        if default is not None and attribute.key not in row.__dict__:
            setattr(row, attribute.key, default.arg({}) if default.is_callable else default.arg)
    return row


def _seal(scope: KeyScope, text: str, *, belongs_to: str) -> Any:
    """The text encrypted, or, of what is stored together, what will be encrypted together."""
    if _shared.get() is None:
        return crypto.seal(scope, text, belongs_to=belongs_to)
    return Unsealed(scope, text, belongs_to)


def _seal_all(rows: list[Any]) -> None:
    waiting = [
        (row, name, value)
        for row in rows
        for name, value in row.__dict__.items()
        if isinstance(value, Unsealed)
    ]
    done = crypto.seal_many([value for _, _, value in waiting])
    for (row, name, _), sealed in zip(waiting, done, strict=True):
        setattr(row, name, sealed)


def organisation(
    code: str = "POL", kind: OrganisationKind = OrganisationKind.POLICE, **more: Any
) -> Organisation:
    return save(Organisation(**{"code": code, "name": f"Organisatie {code}", "kind": kind, **more}))


def person(of: Organisation, name: str = "", **more: Any) -> Person:
    number = next(_numbers)
    name = name or f"P. Persoon{number}"
    values = {"name": name, "email": f"persoon{number}@{of.code.lower()}.example"}
    return save(
        Person(**{"organisation_id": of.id, "state": AccountState.ACTIVE, **values, **more})
    )


def table(name: str = "MDA++ Deltaland", prefix: str = "MDA", **more: Any) -> CaseTable:
    values = {"name": name, "prefix": prefix, "kind": TableKind.MDA, "place": "Zaal 2, Stadhuis"}
    return save(
        CaseTable(**{**values, "confidentiality_nl": "Wat hier besproken wordt, blijft hier.",
                     "confidentiality_en": "What is said here stays here.", **more})
    )  # fmt: skip


def role(who: Person, at: CaseTable, name: TableRoleName, **more: Any) -> TableRole:
    return save(
        TableRole(
            **{"person_id": who.id, "table_id": at.id, "role": name, "from_at": LONG_AGO, **more}
        )
    )


def chair(of: Organisation, at: CaseTable, name: str = "") -> Person:
    who = person(of, name)
    role(who, at, TableRoleName.CHAIR)
    return who


def coordinator(of: Organisation, at: CaseTable, name: str = "") -> Person:
    who = person(of, name)
    role(who, at, TableRoleName.COORDINATOR)
    return who


def representative(of: Organisation, at: CaseTable, name: str = "") -> Person:
    who = person(of, name)
    role(who, at, TableRoleName.REPRESENTATIVE)
    return who


def covenant(of: Organisation, at: CaseTable, **more: Any) -> Covenant:
    return save(
        Covenant(**{"organisation_id": of.id, "table_id": at.id, "from_at": LONG_AGO, **more})
    )


def section_type(at: CaseTable, code: str, label: str, position: int, **more: Any) -> SectionType:
    values = {"table_id": at.id, "code": code, "label_nl": label, "label_en": f"{label} (en)"}
    return save(
        SectionType(**{**values, "position": position, "retention": RetentionClass.SUMMARY, **more})
    )


def scheme(at: CaseTable) -> dict[str, SectionType]:
    """Identity, three sections of a summary, a medical one, and input."""
    identity = {"retention": RetentionClass.IDENTITY, "is_identity": True}
    return {
        "identity": section_type(at, "identity", "Persoonsgegevens", 1, **identity),
        "reason": section_type(at, "reason", "Aanleiding", 2),
        "safety": section_type(at, "safety", "Veiligheid", 3),
        "children": section_type(at, "children", "Kinderen", 4),
        "health": section_type(at, "health", "Gezondheid", 5),
        "input": section_type(at, "input", "Inbreng", 6, is_input=True),
    }


def standard(at: CaseTable, kind: OrganisationKind, what: SectionType) -> StandardDisclosure:
    return save(
        StandardDisclosure(
            table_id=at.id, organisation_kind=kind, section_type_id=what.id,
            ground="Artikel 6 lid 1 onder e AVG", purpose="Gezamenlijk veiligheidsplan",
            necessity="Zonder deze rubriek kan deze organisatie haar deel niet bepalen.",
        )
    )  # fmt: skip


def reference(prefix: str = "MDA") -> str:
    """A reference no other thing of this run has."""
    number, code = next(_numbers), ""
    for _ in range(5):
        number, digit = divmod(number, len(ALPHABET))
        code = ALPHABET[digit] + code
    return f"{prefix}-{code}"


def case(
    at: CaseTable, brought_by: Organisation, *, question: str | None = QUESTION, **more: Any
) -> Case:
    case_id = uuid.uuid4()
    scope = KeyScope.of_case(case_id, RetentionClass.SUMMARY)
    sealed = question and _seal(scope, question, belongs_to=question_binding(case_id))
    values = {"reference": reference(at.prefix), "state": CaseState.ACCEPTED}
    return save(
        Case(**{"id": case_id, "table_id": at.id, "bringing_organisation_id": brought_by.id,
                "question_ct": sealed or None, "created_at": clock.now(), **values, **more})
    )  # fmt: skip


def concerned(
    of: Case, *, label: str = "", position: int = 1,
    role: ConcernedRole = ConcernedRole.VICTIM, **more: Any,
) -> PersonConcerned:  # fmt: skip
    concerned_id = uuid.uuid4()
    scope = KeyScope.of_case(of.id, RetentionClass.SUMMARY)
    sealed = label and _seal(scope, label, belongs_to=f"person_concerned:{concerned_id}:label")
    return save(
        PersonConcerned(
            **{"id": concerned_id, "case_id": of.id, "position": position, "role": role,
               "label_ct": sealed or None, **more}
        )
    )  # fmt: skip


def section(
    of: Case, what: SectionType, source: Organisation, text: str = "Een feit.",
    *, regime: Regime = Regime.AVG, about: PersonConcerned | None = None, **more: Any,
) -> Section:  # fmt: skip
    section_id = uuid.uuid4()
    sealed = _seal(
        KeyScope.of_case(of.id, what.retention), text, belongs_to=section_binding(section_id)
    )
    return save(
        Section(
            **{"id": section_id, "case_id": of.id, "section_type_id": what.id,
               "source_organisation_id": source.id, "regime": regime, "text_ct": sealed,
               "person_concerned_id": about.id if about else None, "updated_at": clock.now(),
               **more}
        )
    )  # fmt: skip


def meeting(
    at: CaseTable, *, starts_at: datetime = MEETING_START, minutes: int = 140, **more: Any
) -> Meeting:
    return save(
        Meeting(
            **{"table_id": at.id, "starts_at": starts_at, "place": at.place,
               "ends_at": starts_at + timedelta(minutes=minutes), **more}
        )
    )  # fmt: skip


def published(at: CaseTable, **more: Any) -> Meeting:
    """A meeting whose papers are open just now."""
    now = clock.now()
    starts_at = more.pop("starts_at", MEETING_START)
    return meeting(
        at,
        **{"starts_at": starts_at, "published_at": now - timedelta(days=1),
           "opens_at": now - timedelta(days=1), "closes_at": starts_at + timedelta(days=7), **more},
    )  # fmt: skip


def series(at: CaseTable, *, meetings: int = 2) -> Series:
    """A weekly series with its first meetings, two weeks after the usual one."""
    starts_at = MEETING_START + timedelta(days=14)
    first_on = local_date(starts_at)
    made = save(
        Series(
            table_id=at.id, kind=RhythmKind.WEEKLY, weekdays=str(first_on.weekday()),
            first_on=first_on, last_on=first_on + timedelta(days=90), place=at.place,
            start=to_local(starts_at).time(), minutes=140, made_at=clock.now(),
        )
    )  # fmt: skip
    for week in range(meetings):
        moment = starts_at + timedelta(days=7 * week)
        meeting(at, starts_at=moment, series_id=made.id, planned_at=moment)
    return made


def closure(
    at: CaseTable, *, first_on: date = date(2026, 7, 18), last_on: date = date(2026, 8, 30)
) -> ClosurePeriod:
    """A summer holiday."""
    return save(
        ClosurePeriod(table_id=at.id, name="Zomervakantie", first_on=first_on, last_on=last_on)
    )


def item(
    of: Meeting, about: Case | None = None, *, minutes: int = 30, after: AgendaItem | None = None,
    **more: Any,
) -> AgendaItem:  # fmt: skip
    """An item after another one, or the first."""
    starts_at = after.ends_at if after else of.starts_at
    return save(
        AgendaItem(
            **{"meeting_id": of.id, "case_id": about.id if about else None, "minutes": minutes,
               "kind": ItemKind.CASE if about else ItemKind.OPENING,
               "discussion": DiscussionKind.NEW if about else None,
               "position": after.position + 1 if after else 1,
               "starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=minutes), **more}
        )
    )  # fmt: skip


def seat(
    at: AgendaItem, of: Organisation, occupant: Person | None = None, *, invited: bool = True,
    **more: Any,
) -> Seat:  # fmt: skip
    made = save(
        Seat(
            **{"item_id": at.id, "organisation_id": of.id,
               "invited_at": clock.now() if invited and occupant else None, **more}
        )
    )  # fmt: skip
    if occupant is not None:
        hold(made, occupant)
    return made


def hold(on: Seat, who: Person, **more: Any) -> SeatHold:
    return save(SeatHold(**{"seat_id": on.id, "person_id": who.id, "from_at": clock.now(), **more}))


def disclosure(to: Seat, what: Section, by: Person, **more: Any) -> Disclosure:
    return save(
        Disclosure(
            **{"seat_id": to.id, "section_id": what.id, "ground": "Artikel 6 lid 1 onder e AVG",
               "purpose": "Veiligheidsplan", "necessity": "Nodig voor het eigen deel.",
               "decided_by_id": by.id, "decided_at": clock.now(), **more}
        )
    )  # fmt: skip


def input_request(to: Seat, by: Person, **more: Any) -> InputRequest:
    now = clock.now()
    return save(
        InputRequest(
            **{"seat_id": to.id, "asked_by_id": by.id, "asked_at": now,
               "deadline_at": now + timedelta(days=7), **more}
        )
    )  # fmt: skip


def action(
    at: AgendaItem, of: Organisation, holder: Person | None, by: Person, *,
    due_on: date = date(2026, 6, 22), safe: str = "Bel terug", full: str = "", **more: Any,
) -> Action:  # fmt: skip
    """An action of a case item; ``full`` empty is no full text."""
    action_id, case_id = uuid.uuid4(), at.case_id
    scope = KeyScope.of_case(case_id, RetentionClass.DECISIONS)
    with transaction() as session:
        table_id = session.get_one(Case, case_id).table_id
    return save(
        Action(
            **{"id": action_id, "item_id": at.id, "case_id": case_id, "table_id": table_id,
               "organisation_id": of.id, "person_id": holder.id if holder else None,
               "safe_ct": _seal(scope, safe, belongs_to=f"action:{action_id}:safe"),
               "full_ct": (
                   _seal(scope, full, belongs_to=f"action:{action_id}:full") if full else None
               ),
               "due_on": due_on, "state": ActionState.OPEN, "recorded_by_id": by.id,
               "recorded_at": clock.now(), **more}
        )
    )  # fmt: skip


def action_disclosure(of: Action, to: Person, by: Person, **more: Any) -> ActionDisclosure:
    """The full text of an action, to its holder."""
    return save(
        ActionDisclosure(
            **{"action_id": of.id, "person_id": to.id, "ground": "Artikel 6 lid 1 onder e AVG",
               "purpose": "Uitvoeren van de actie", "necessity": "Zonder dit kan het niet.",
               "decided_by_id": by.id, "decided_at": clock.now(), **more}
        )
    )  # fmt: skip


def decision(
    at: AgendaItem, by: Person, text: str = "Een afspraak.", *, to: Sequence[Seat] = (),
    dissent: str = "", **more: Any,
) -> Decision:  # fmt: skip
    """An agreement at a case item, addressed to seats."""
    decision_id = uuid.uuid4()
    scope = KeyScope.of_case(at.case_id, RetentionClass.DECISIONS)
    binding = f"decision:{decision_id}"
    made = save(
        Decision(
            **{"id": decision_id, "item_id": at.id, "case_id": at.case_id,
               "kind": DecisionKind.AGREEMENT, "recorded_by_id": by.id,
               "text_ct": _seal(scope, text, belongs_to=f"{binding}:text"),
               "dissent_ct": (
                   _seal(scope, dissent, belongs_to=f"{binding}:dissent") if dissent else None
               ),
               "recorded_at": clock.now(), **more}
        )
    )  # fmt: skip
    save_all(*(DecisionAddressee(decision_id=decision_id, seat_id=one.id) for one in to))
    return made


def note(
    at: AgendaItem, by: Person, text: str = "Een notitie.", *, to: Sequence[Seat] = (), **more: Any
) -> Note:
    """Something written down at a case item, for staff and these seats."""
    note_id = uuid.uuid4()
    sealed = _seal(
        KeyScope.of_case(at.case_id, RetentionClass.DECISIONS), text, belongs_to=f"note:{note_id}:text"
    )  # fmt: skip
    made = save(
        Note(
            **{"id": note_id, "item_id": at.id, "case_id": at.case_id, "text_ct": sealed,
               "recorded_by_id": by.id, "recorded_at": clock.now(), **more}
        )
    )  # fmt: skip
    save_all(*(NoteReader(note_id=note_id, seat_id=one.id) for one in to))
    return made


def oral_mark(of: Seat, by: Person, **more: Any) -> OralMark:
    """Staff noted that whoever sits here explained something aloud."""
    return save(
        OralMark(
            **{"item_id": of.item_id, "seat_id": of.id, "recorded_by_id": by.id,
               "recorded_at": clock.now(), **more}
        )
    )  # fmt: skip


def window(of: Meeting, by: Person, token: str = "") -> Projection:
    """A window in the room that shows a meeting; without a token nobody holds it."""
    return save(
        Projection(
            meeting_id=of.id, code_hash=uuid.uuid4().hex, code_until_at=clock.now(),
            token_hash=hash_token(token) if token else None, made_by_id=by.id, made_at=clock.now(),
            paired_at=clock.now(), until_at=clock.now() + timedelta(hours=12),
        )
    )  # fmt: skip


def pushed(at: AgendaItem, by: Person, text: str = "Een zin voor de zaal.") -> ProjectedLine:
    """A sentence on the screen in the room, of no decision or action."""
    line_id = uuid.uuid4()
    scope = KeyScope.of_case(at.case_id, RetentionClass.DECISIONS)
    return save(
        ProjectedLine(
            id=line_id, meeting_id=at.meeting_id, item_id=at.id, case_id=at.case_id,
            text_ct=_seal(scope, text, belongs_to=line_binding(line_id)),
            pushed_at=clock.now(), pushed_by_id=by.id,
        )
    )  # fmt: skip


def acting_chair(of: Meeting, who: Person, by: Person) -> ActingChair:
    """Somebody chairs a meeting instead of its chair, from now on for half a day."""
    now = clock.now()
    return save(
        ActingChair(
            meeting_id=of.id, person_id=who.id, from_at=now, until_at=now + timedelta(hours=12),
            appointed_by_id=by.id, appointed_at=now,
        )
    )  # fmt: skip


def contact(at: CaseTable, of: Organisation, *, name: str, phone: str) -> TableContact:
    """A desk of an organisation without an account, called first."""
    return save(
        TableContact(table_id=at.id, organisation_id=of.id, position=1, name=name, phone=phone)
    )


def call(of: Meeting, about: Seat, whom: TableContact, by: Person) -> Call:
    """Somebody called a contact about a seat, in vain."""
    return save(
        Call(
            meeting_id=of.id, seat_id=about.id, contact_id=whom.id, at=clock.now(),
            outcome=CallOutcome.NO_ANSWER, recorded_by_id=by.id,
        )
    )  # fmt: skip


def reply(about: Invitation, at: CaseTable, text: str = "", **more: Any) -> Reply:
    """An answer by mail that waits for the coordinator; ``text`` is what was written with it."""
    reply_id = uuid.uuid4()
    scope = KeyScope.of_reply(reply_id)
    return save(
        Reply(
            **{"id": reply_id, "key_hash": reply_id.hex, "received_at": clock.now(),
               "said_at": clock.now(), "state": ReplyState.HELD, "reason": ReplyReason.DELEGATED,
               "participation": Participation.DELEGATED, "uid": about.uid, "table_id": at.id,
               "meeting_id": about.meeting_id, "invitation_id": about.id,
               "person_id": about.person_id, "sender": "iemand@elders.example",
               "text_ct": (
                   _seal(scope, text, belongs_to=f"reply:{reply_id}:text") if text else None
               ),
               **more}
        )
    )  # fmt: skip


def acceptance(who: Person, of: Meeting) -> Acceptance:
    return save(
        Acceptance(
            person_id=who.id, meeting_id=of.id, at=clock.now(), statement="Wat hier besproken …"
        )
    )


def proposal(of: Seat, about: Case, name: str) -> Seat:
    """The name an organisation proposes for a seat at an item of this case."""
    scope = KeyScope.of_case(about.id, RetentionClass.SUMMARY)
    sealed = _seal(scope, name, belongs_to=f"seat:{of.id}:proposed")
    save(SeatProposal(seat_id=of.id, name_ct=sealed))
    return of


def bystander(at: AgendaItem, about: Case, name: str, by: Person) -> Bystander:
    """Somebody in the room without a seat at the item of this case."""
    bystander_id = uuid.uuid4()
    scope = KeyScope.of_case(about.id, RetentionClass.SUMMARY)
    sealed = _seal(scope, name, belongs_to=f"bystander:{bystander_id}:name")
    return save(
        Bystander(
            id=bystander_id, item_id=at.id, name_ct=sealed, noted_at=clock.now(), noted_by_id=by.id
        )
    )  # fmt: skip


def exclusion(
    who: Person, of: Case, by: Person, *, reason: str = "", **more: Any
) -> Exclusion:  # fmt: skip
    made = save(
        Exclusion(
            **{"person_id": who.id, "case_id": of.id, "from_at": LONG_AGO,
               "recorded_by_id": by.id, **more}
        )
    )  # fmt: skip
    if reason:
        sealed = _seal(
            KeyScope.of_exclusions(of.id), reason, belongs_to=f"exclusion:{made.id}:reason"
        )  # fmt: skip
        save(ExclusionReason(exclusion_id=made.id, text_ct=sealed))
    return made


def emergency(who: Person, of: Case, *, reason: str = "Acuut gevaar.", **more: Any) -> BreakGlass:
    """A case opened in an emergency just now, for a quarter of an hour."""
    reading_id = uuid.uuid4()
    scope = KeyScope.of_case(of.id, RetentionClass.SUMMARY)
    sealed = _seal(scope, reason, belongs_to=f"break_glass:{reading_id}:reason")
    now = clock.now()
    made = save(
        BreakGlass(
            **{"id": reading_id, "person_id": who.id, "case_id": of.id, "table_id": of.table_id,
               "from_at": now, "until_at": now + timedelta(minutes=15), **more}
        )
    )  # fmt: skip
    save(EmergencyReason(reading_id=reading_id, text_ct=sealed))
    return made


def task(
    who: Person, of: Case, by: Person, *, kind: TaskKind = TaskKind.INFORMATION_REQUEST,
    sections: Sequence[Section] = (), reason: str = "Uw advies is nodig.", **more: Any,
) -> Task:  # fmt: skip
    """A task that waits for its holder to accept it, for a week; a case lead has no end."""
    task_id, now = uuid.uuid4(), clock.now()
    scope = KeyScope.of_case(of.id, RetentionClass.SUMMARY)
    sealed = _seal(scope, reason, belongs_to=f"task:{task_id}:reason")
    until = None if kind is TaskKind.CASE_LEAD else now + timedelta(days=7)
    made = save(
        Task(
            **{"id": task_id, "person_id": who.id, "organisation_id": who.organisation_id,
               "case_id": of.id, "table_id": of.table_id, "kind": kind,
               "from_at": now, "until_at": until, "granted_by_id": by.id, "granted_at": now,
               **more}
        )
    )  # fmt: skip
    save(TaskReason(task_id=task_id, text_ct=sealed))
    save_all(*(TaskSection(task_id=task_id, section_id=one.id) for one in sections))
    return made


def handover(
    of: Case, by: Person, *, to_table: CaseTable | None = None, to_team: Organisation | None = None,
    hours: int = 48, **more: Any,
) -> Handover:  # fmt: skip
    """A handover that waits for an answer."""
    now = clock.now()
    return save(
        Handover(
            **{"id": uuid.uuid4(), "case_id": of.id, "from_table_id": of.table_id,
               "to_table_id": to_table and to_table.id,
               "to_organisation_id": to_team and to_team.id,
               "proposed_by_id": by.id, "proposed_at": now, "due_at": now + timedelta(hours=hours),
               **more}
        )
    )  # fmt: skip


def offer(who: Person, about: Handover, of: Case, by: Person, **more: Any) -> Task:
    """The task by which somebody may answer a handover; it has no end of its own."""
    wanted = {"kind": TaskKind.HANDOVER, "to_table_id": about.to_table_id, "until_at": None}
    return task(who, of, by, handover_id=about.id, **{**wanted, **more})


def recusal(who: Person, of: Case) -> Recusal:
    return save(Recusal(person_id=who.id, case_id=of.id, at=clock.now()))


def declaration(who: Person, about: Section) -> Declaration:
    """A person said to know nobody privately, having seen this identity as it stands."""
    return save(
        Declaration(
            person_id=who.id, case_id=about.case_id, section_id=about.id,
            words_version=about.words_version, at=clock.now(),
        )
    )  # fmt: skip


def ended_case(at: CaseTable, of: Organisation, *, days: int = 400) -> Case:
    """A case that ended so many days ago."""
    return case(at, of, state=CaseState.CLOSED, closed_at=clock.now() - timedelta(days=days))


def retention_run(by: Person, about: Case, *, confirmed_by: Person | None = None) -> RetentionRun:
    """A destruction of the summary of one case: waiting, or carried out when confirmed."""
    now = clock.now()
    made = save(
        RetentionRun(
            table_id=about.table_id, prepared_by_id=by.id, prepared_at=now,
            confirmed_by_id=confirmed_by.id if confirmed_by else None,
            confirmed_at=now if confirmed_by else None,
            confirmed_as="chair" if confirmed_by else "",
            removed_at=now if confirmed_by else None,
            executed_at=now if confirmed_by else None,
            counts='{"summary": 1, "rows": 12, "cases": 0}' if confirmed_by else "",
        )
    )  # fmt: skip
    if confirmed_by is None:
        save(RetentionPart(run_id=made.id, case_id=about.id, retention=RetentionClass.SUMMARY))
    return made


def print_run(of: Meeting, to: Seat, who: Person, by: Person, text: str = "") -> PrintRun:
    """One copy on paper with these words on it, ready to be fetched for an hour."""
    now, sheet_id = clock.now(), uuid.uuid4()
    run = save(
        PrintRun(
            meeting_id=of.id, asked_by_id=by.id, asked_at=now, total=1, done=1, finished_at=now,
            expires_at=now + timedelta(hours=1),
        )
    )  # fmt: skip
    copy = save(
        PaperCopy(
            meeting_id=of.id, seat_id=to.id, person_id=who.id, number=1, made_by_id=by.id,
            made_at=now,
        )
    )  # fmt: skip
    words = pdf.as_text(pdf.Document("Stukken", "nl", who.name, [pdf.Words(text)]))
    sealed = _seal(
        KeyScope.of_print_run(run.id), words, belongs_to=paper_copies.binding_of(sheet_id)
    )
    save(PrintSheet(id=sheet_id, run_id=run.id, copy_id=copy.id, words_ct=sealed))
    whole = base64.b64encode(pdf.render_stack("Papieren", "nl", [words])).decode()
    document_id = uuid.uuid4()
    sealed = _seal(
        KeyScope.of_print_run(run.id), whole, belongs_to=paper_copies.binding_of(document_id)
    )
    save(PrintSheet(id=document_id, run_id=run.id, words_ct=sealed))
    return run


@dataclass(slots=True)
class Asked:
    """An access request with one text to judge, and a question to one source."""

    request: AccessRequest
    part: AccessRequestPart
    view: SourceView


def access_request(
    about: Case, someone: PersonConcerned, what: Section, by: Person, *,
    reviewer: Person | None = None, approved: bool = False,
) -> Asked:  # fmt: skip
    """In preparation; with a reviewer its answer (neither yes nor no) waits, or is approved."""
    request_id, now = uuid.uuid4(), clock.now()
    sealed = _seal(
        KeyScope.of_request(request_id), "A. Verzoeker",
        belongs_to=f"access_request:{request_id}:requester",
    )  # fmt: skip
    request = save(
        AccessRequest(
            id=request_id, table_id=about.table_id, case_id=about.id, regime=Regime.AVG,
            person_concerned_id=someone.id, received_on=clock.today(),
            identity_check=IdentityCheck.DOCUMENT, authority_check=AuthorityCheck.SELF,
            due_on=clock.today() + timedelta(days=30), recorded_by_id=by.id, recorded_at=now,
            answer=AnswerKind.NEITHER if reviewer else None, prepared_by_id=by.id,
            prepared_at=now if reviewer else None, reviewer_id=reviewer.id if reviewer else None,
            approved=approved or None,
        )
    )  # fmt: skip
    save(Requester(request_id=request_id, name_ct=sealed))
    part = AccessRequestPart(request_id=request_id, kind=PartKind.SECTION, object_id=what.id)
    view = SourceView(
        request_id=request_id, organisation_id=what.source_organisation_id, asked_at=now
    )
    return Asked(request, save(part), save(view))


@dataclass(slots=True)
class World:
    """One table with staff, three partners, two cases and a meeting with both on its agenda.

    ``police`` and ``care`` sit at the first case, ``care`` also at the second; ``stranger`` is
    staff of another table. Every confidential text is a word of its own.
    """

    table: CaseTable
    other_table: CaseTable
    types: dict[str, SectionType]
    host: Organisation
    police_organisation: Organisation
    care_organisation: Organisation
    chair: Person
    coordinator: Person
    stranger: Person
    administrator: Person
    police: Person
    police_colleague: Person
    care: Person
    case: Case
    second_case: Case
    concerned: PersonConcerned
    sections: dict[str, Section]
    meeting: Meeting
    opening: AgendaItem
    item: AgendaItem
    second_item: AgendaItem
    police_seat: Seat
    care_seat: Seat
    second_care_seat: Seat
    disclosures: dict[str, Disclosure] = field(default_factory=dict)


def small_world(*, open_papers: bool = False, answered: bool = True) -> World:
    """The world above; with ``open_papers`` published, in its window and accepted by the seated.

    ``answered``: the seated said before that they know nobody whose identity is written down.
    """
    with together():
        return _small_world(open_papers=open_papers, answered=answered)


def _small_world(*, open_papers: bool, answered: bool) -> World:
    host = organisation("GEM", OrganisationKind.MUNICIPALITY, name="Gemeente Deltaland")
    police_organisation = organisation("POL", OrganisationKind.POLICE, name="Politie")
    care_organisation = organisation("GGZ", OrganisationKind.MENTAL_HEALTH, name="GGZ Delta")
    at, other = table(), table("ZSM Deltaland", "ZSM")
    for of in (host, police_organisation, care_organisation):
        covenant(of, at)
        covenant(of, other)
    types = scheme(at)
    standards = {
        OrganisationKind.POLICE: ("identity", "reason", "safety"),
        OrganisationKind.MENTAL_HEALTH: ("identity", "reason", "health"),
    }
    for kind, codes in standards.items():
        for code in codes:
            standard(at, kind, types[code])
    leader, helper = chair(host, at, "M. de Graaf"), coordinator(host, at, "N. de Wit")
    police = representative(police_organisation, at, "A. Yilmaz")
    care = representative(care_organisation, at, "T. Mulder")
    first, second = case(at, police_organisation), case(at, care_organisation)
    someone = concerned(first, label="Moeder")
    held = (
        ("identity", police_organisation, "Kanarienaam", Regime.AVG),
        ("reason", police_organisation, "Kanarieaanleiding", Regime.AVG),
        ("safety", host, "Kanarieveiligheid", Regime.AVG),
        ("children", host, "Kanariekinderen", Regime.AVG),
        ("health", care_organisation, "Kanariegezondheid", Regime.MEDICAL),
    )
    sections = {
        code: section(first, types[code], source, text, regime=regime,
                      about=someone if code == "identity" else None)
        for code, source, text, regime in held
    }  # fmt: skip
    when = published(at) if open_papers else meeting(at)
    opening = item(when, minutes=10)
    one = item(when, first, after=opening)
    two = item(when, second, after=one, minutes=20)
    police_seat = seat(one, police_organisation, police)
    care_seat = seat(one, care_organisation, care)
    world = World(
        table=at, other_table=other, types=types, host=host,
        police_organisation=police_organisation, care_organisation=care_organisation,
        chair=leader, coordinator=helper, stranger=chair(host, other, "S. Vreemd"),
        administrator=person(host, "B. Beheer", is_administrator=True),
        police=police, police_colleague=person(police_organisation, "C. Jansen"), care=care,
        case=first, second_case=second, concerned=someone, sections=sections, meeting=when,
        opening=opening, item=one, second_item=two, police_seat=police_seat, care_seat=care_seat,
        second_care_seat=seat(two, care_organisation, care),
    )  # fmt: skip
    for name, to, code in (
        ("police-reason", police_seat, "reason"),
        ("police-safety", police_seat, "safety"),
        ("care-reason", care_seat, "reason"),
    ):
        world.disclosures[name] = disclosure(to, sections[code], helper, is_standard=True)
    for who in (police, care):
        if open_papers:
            acceptance(who, when)
        if answered:
            declaration(who, sections["identity"])
    return world
