"""How things end in the demo: what is past its term, held, destroyed, and asked to be seen.

The same tables as real endings fill; nothing here is ever destroyed by loading it.
"""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta
from typing import Any, Final

from app.access.lifecycle.access_requests import requester_binding, view_binding
from app.access.lifecycle.retention import hold_binding
from app.domain import presets
from app.domain.kinds import (
    AnswerKind,
    AuthorityCheck,
    CaseState,
    IdentityCheck,
    PartKind,
    Regime,
    RetentionClass,
    SourceOpinion,
    TermSubject,
)
from app.domain.local_time import local_date
from app.domain.terms import DEFAULTS, ends_on
from app.features.demo.batch import Batch
from app.features.demo.ground import World
from app.features.demo.story import CHILD, PERPETRATOR, VICTIM, Story, who
from app.features.demo.tell import ToldCase, tell
from app.infra.crypto import KeyScope, Unsealed
from app.models import (
    AccessRequest,
    AccessRequestPart,
    DestroyedClass,
    LegalHold,
    LegalHoldReason,
    Requester,
    RetentionPart,
    RetentionRun,
    SourceView,
)

TABLE: Final = "mda"
# More than the half year a summary is kept; the one that was destroyed is older.
PAST: Final = 200
OLDER: Final = 240

DUE: Final = Story(
    "afgesloten", TABLE, "VT", CaseState.CLOSED,
    "Is het na het uiteengaan van de ouders blijvend rustig voor de kinderen?",
    (
        who(VICTIM, "Moeder", "ex-partner van vader", 14, "E. Klaproos, 12-05-1990"),
        who(PERPETRATOR, "Vader", "ex-partner van moeder", 15, "N. Klaproos, 03-03-1988"),
    ),
    {
        "cause": ("VT", "Twee meldingen van ruzie bij het overdragen van de kinderen."),
        "safety": ("VT", "Sinds de begeleide overdracht geen incidenten meer."),
    },
    closed_days=PAST,
)  # fmt: skip
HELD: Final = Story(
    "vastgehouden", TABLE, "LT-OW", CaseState.CLOSED,
    "Wat heeft dit kind nodig nu vader weer thuis woont?",
    (
        who(PERPETRATOR, "Vader", "vader", 16, "O. Korenbloem, 22-10-1981"),
        who(CHILD, "Kind (10)", "zoon", 16, "F. Korenbloem, 07-07-2016"),
    ),
    {
        "cause": ("LT-OW", "School meldt dat de jongen niet naar huis durft."),
        "children": ("LT-OW", "De jongen gaat weer elke dag naar school."),
    },
    closed_days=PAST,
)  # fmt: skip
# What is left of it: identity, and that there was a case.
DESTROYED: Final = Story(
    "vernietigd", TABLE, "GEM-OW", CaseState.CLOSED, "",
    (who(VICTIM, "", "", 17, "G. Vlasbek, 30-01-1975"),),
    closed_days=OLDER,
)  # fmt: skip


def add_endings(batch: Batch, world: World, asked: ToldCase) -> None:
    """Three closed cases and their terms, and two people who ask what is kept about them."""
    due, held, gone = (tell(batch, world, story) for story in (DUE, HELD, DESTROYED))
    _prepare(batch, world, due)
    _hold(batch, world, held)
    _destroyed(batch, world, gone)
    _in_preparation(batch, world, asked)
    _under_review(batch, world)


def _prepare(batch: Batch, world: World, told: ToldCase) -> None:
    """One person prepared the destruction; another still has to confirm it."""
    run_id = batch.add(
        RetentionRun,
        table_id=world.tables[TABLE],
        prepared_by_id=world.people["joost"],
        prepared_at=world.now - timedelta(days=1),
    )
    batch.link(RetentionPart, run_id=run_id, case_id=told.case_id, retention=RetentionClass.SUMMARY)


def _hold(batch: Batch, world: World, told: ToldCase) -> None:
    hold_id = batch.add(
        LegalHold,
        case_id=told.case_id,
        placed_by_id=world.people["marit"],
        placed_at=world.now - timedelta(days=PAST - 30),
    )
    batch.link(
        LegalHoldReason,
        hold_id=hold_id,
        text_ct=Unsealed(
            KeyScope.of_case(told.case_id, RetentionClass.IDENTITY),
            "De rechtbank heeft stukken opgevraagd. Opheffen na de uitspraak.",
            hold_binding(hold_id),
        ),
    )


def _destroyed(batch: Batch, world: World, told: ToldCase) -> None:
    """Carried out three weeks ago; the statement of it can be taken along."""
    done_at = world.now - timedelta(days=21)
    batch.link(
        DestroyedClass,
        case_id=told.case_id,
        retention=RetentionClass.SUMMARY,
        destroyed_at=done_at,
    )
    batch.add(
        RetentionRun,
        table_id=world.tables[TABLE],
        prepared_by_id=world.people["joost"],
        prepared_at=done_at - timedelta(days=2),
        confirmed_by_id=world.people["hanneke"],
        confirmed_at=done_at,
        confirmed_as="privacy-officer",
        removed_at=done_at,
        executed_at=done_at,
        scopes="[]",
        counts=json.dumps({RetentionClass.SUMMARY.value: 1, "rows": 17}),
    )


def _in_preparation(batch: Batch, world: World, told: ToldCase) -> None:
    """The mother asks; of four sources one said yes, one no, and two have not answered."""
    asked_at = world.now - timedelta(days=8)
    request_id = _request(
        batch, world, "W. Kattenstaart, per brief; antwoord per post",
        days_ago=11, case_id=told.case_id, person_concerned_id=told.people[1],
    )  # fmt: skip
    for code, section_id, *_ in told.sections:
        if code != presets.IDENTITY:
            batch.add(
                AccessRequestPart,
                request_id=request_id,
                kind=PartKind.SECTION,
                object_id=section_id,
            )
    batch.add(
        AccessRequestPart,
        request_id=request_id,
        kind=PartKind.QUESTION,
        object_id=told.case_id,
    )
    sources = {source for code, _id, source, _regime in told.sections if code != presets.IDENTITY}
    for source in sorted(sources):
        _view(batch, world, request_id, source, asked_at=asked_at)


def _view(
    batch: Batch, world: World, request_id: uuid.UUID, source: str, *, asked_at: datetime
) -> None:
    said = {
        "VT": ("sanne", SourceOpinion.YES, ""),
        "OM": ("casper", SourceOpinion.NO, "De proeftijd loopt nog."),
    }
    person, opinion, reason = said.get(source, ("", None, ""))
    view_id = batch.new_id()
    batch.add(
        SourceView,
        id=view_id,
        request_id=request_id,
        organisation_id=world.organisations[source],
        asked_at=asked_at,
        opinion=opinion,
        reason_ct=Unsealed(KeyScope.of_request(request_id), reason, view_binding(view_id))
        if reason
        else None,
        answered_by_id=world.people[person] if person else None,
        answered_at=asked_at + timedelta(days=2) if person else None,
    )


def _under_review(batch: Batch, world: World) -> None:
    """Somebody of whom nothing was found; the answer lies with the privacy officer."""
    _request(
        batch, world, "Q. Ereprijs, aan de balie van het gemeentehuis", days_ago=5,
        case_id=None, person_concerned_id=None, answer=AnswerKind.NEITHER,
        prepared_by_id=world.people["joost"], prepared_at=world.now - timedelta(days=1),
        reviewer_id=world.people["hanneke"],
    )  # fmt: skip


def _request(
    batch: Batch,
    world: World,
    who_asks: str,
    *,
    days_ago: int,
    **values: Any,  # noqa: ANN401 - column values
) -> uuid.UUID:
    request_id = batch.new_id()
    received = local_date(world.now) - timedelta(days=days_ago)
    subject = TermSubject.REPLY_AVG
    batch.add(
        AccessRequest,
        id=request_id,
        table_id=world.tables[TABLE],
        regime=Regime.AVG,
        identity_check=IdentityCheck.DOCUMENT,
        authority_check=AuthorityCheck.SELF,
        received_on=received,
        due_on=ends_on(subject, received, DEFAULTS[subject].amount),
        recorded_by_id=world.people["joost"],
        recorded_at=world.now - timedelta(days=days_ago - 1),
        **values,
    )
    batch.link(
        Requester,
        request_id=request_id,
        name_ct=Unsealed(KeyScope.of_request(request_id), who_asks, requester_binding(request_id)),
    )
    return request_id
