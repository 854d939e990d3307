"""What waits between the meetings of the demo region: referrals, handovers, a new fact, an order.

One of each that needs somebody: late, returned, escalated, unanswered; so that nothing is told only
of what goes well.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any, Final

from app.access.referrals import words
from app.access.tasks.tasks import reason_binding
from app.domain.case_clocks import due
from app.domain.kinds import (
    CaseState,
    Channel,
    ClockStart,
    Phase,
    ReferralState,
    RetentionClass,
    TaskKind,
    Urgency,
)
from app.domain.presets import SHIPPED
from app.features.demo.acute import TERM
from app.features.demo.batch import Batch
from app.features.demo.ground import World
from app.features.demo.story import CHILD, PERPETRATOR, VICTIM, Story, who
from app.features.demo.tell import ToldCase, tell
from app.infra.crypto import KeyScope, Unsealed
from app.infra.holidays_nl import is_holiday
from app.models import (
    CaseClock,
    CaseReview,
    ExclusionOrder,
    Handover,
    HouseholdCase,
    NewFact,
    PhaseChange,
    Referral,
    ReferralCriterion,
    ReferralQuestion,
    Task,
    TaskReason,
)

DAY: Final = timedelta(days=1)


def _referred(
    key: str, by: str, state: CaseState, *, question: str, cause: str, name: str, at: str = "mda"
) -> Story:
    return Story(
        key, at, by, state, question,
        (
            who(VICTIM, "Moeder", "ex-partner van vader", 21, f"{name}, 11-03-1991"),
            who(CHILD, "Kind 1", "dochter", 21, f"{name}, 02-09-2018"),
        ),
        {"cause": (by, cause)},
    )  # fmt: skip


# Each with who referred it, and how many days ago.
REFERRED: Final = (
    (
        _referred(
            "gemeld", "LT-OW", CaseState.REFERRED,
            question="Wie houdt zicht op dit gezin nu de hulp stopt?",
            cause="Vier keer hulp gestart en gestopt; school ziet de dochter moe en stil.",
            name="V. Vergeetmijniet",
        ),
        "pieter", ReferralState.SENT, 1,
    ),
    (
        _referred(
            "te-laat", "GGZ", CaseState.IN_TRIAGE,
            question="Hoe sluiten behandeling en veiligheid op elkaar aan?",
            cause="Behandeling gepauzeerd na een nieuwe ruzie; de veiligheid is onduidelijk.",
            name="P. Akkerwinde",
        ),
        "eline", ReferralState.IN_TRIAGE, 12,
    ),
    (
        _referred(
            "terug", "VZ", CaseState.RETURNED,
            question="Wat is nodig voordat vader weer thuis kan wonen?",
            cause="Vader rondt zijn opname over drie weken af en wil naar huis.",
            name="O. Heermoes",
        ),
        "karin", ReferralState.RETURNED, 4,
    ),
    (
        _referred(
            "naar-actie", "POL", CaseState.REFERRED, at="act",
            question="Welke interventies volgen elkaar op, en wie begint?",
            cause="Derde melding in zes weken; de ex-partner staat steeds weer voor de deur.",
            name="I. Wederik",
        ),
        "dennis", ReferralState.SENT, 0,
    ),
)  # fmt: skip
ORDERED: Final = Story(
    "huisverbod", "huis", "GEM-OW", CaseState.ACCEPTED,
    "Is verlenging nodig, en welke hulp begint binnen tien dagen?",
    (
        who(PERPETRATOR, "Vader", "vader", 31, "K. Duizendblad, 08-08-1983"),
        who(VICTIM, "Moeder", "moeder", 31, "H. Duizendblad, 19-02-1985"),
    ),
    {"cause": ("POL", "Huisverbod uitgereikt na mishandeling in het bijzijn van de kinderen.")},
)  # fmt: skip


def add_between(batch: Batch, world: World, told: dict[str, ToldCase]) -> None:
    """Write all of it; an order only where there is a table for it."""
    for story, by, state, days in REFERRED:
        _refer(batch, world, tell(batch, world, story), by=by, state=state, days=days)
    _hand_over(batch, world, told["wachtend"], to="act", days=1)
    _hand_over(batch, world, told["zoon-slaat"], to="act", days=9)
    _report(batch, world, told["vastgelopen"])
    _lead(batch, world, told["vastgelopen"])
    _household(batch, world, told["vastgelopen"], told["weekend"])
    if "huis" in world.tables:
        _serve(batch, world, tell(batch, world, ORDERED))


def _sealed(of: ToldCase, text: str, binding: str) -> Unsealed:
    return Unsealed(KeyScope.of_case(of.case_id, RetentionClass.SUMMARY), text, binding)


def _refer(
    batch: Batch, world: World, told: ToldCase, *, by: str, state: ReferralState, days: int
) -> None:
    sent_at = world.now - days * DAY
    (clock_due,) = _run(batch, world, told, ClockStart.REFERRAL, sent_at)[:1]
    referral_id = batch.add(
        Referral,
        case_id=told.case_id,
        table_id=world.tables[told.table],
        person_id=world.people[by],
        organisation_id=world.organisations[world.employer[by]],
        state=state,
        channel=Channel.FORM,
        urgency=Urgency.SOON,
        family_informed=True,
        started_at=sent_at - timedelta(hours=1),
        changed_at=sent_at,
        sent_at=sent_at,
        due_at=clock_due,
    )
    # All but the last one met: there is something to weigh.
    criteria = SHIPPED[world.table_kinds[told.table].value].criteria
    for one in criteria:
        batch.add(
            ReferralCriterion, referral_id=referral_id, code=one.code, is_met=one != criteria[-1]
        )
    if state is ReferralState.RETURNED:
        question_id = batch.new_id()
        text = "Wie woont er nu in huis, en weet het gezin van deze aanmelding?"
        batch.add(
            ReferralQuestion,
            id=question_id,
            referral_id=referral_id,
            text_ct=_sealed(told, text, words.asked_binding(question_id)),
            asked_by_id=world.people["joost"],
            asked_at=sent_at + DAY,
        )


def _run(
    batch: Batch, world: World, told: ToldCase, start: ClockStart, at: datetime
) -> list[datetime]:
    """Have the clocks run that begin then; gives when each runs out, the first one first."""
    rules = [
        rule for rule in SHIPPED[world.table_kinds[told.table].value].clocks if rule.start is start
    ]
    ends = {rule.code: due(rule, at, is_holiday) for rule in rules}
    for code, due_at in ends.items():
        batch.add(
            CaseClock,
            case_id=told.case_id,
            table_id=world.tables[told.table],
            code=code,
            started_at=at,
            due_at=due_at,
        )
    return sorted(ends.values())


def _hand_over(batch: Batch, world: World, told: ToldCase, *, to: str, days: int) -> None:
    """Offered so long ago to whoever serves another table; nobody answered yet."""
    proposed_at, due_at = world.now - days * DAY, world.now - days * DAY + 2 * DAY
    handover_id = batch.add(
        Handover,
        case_id=told.case_id,
        from_table_id=world.tables[told.table],
        to_table_id=world.tables[to],
        proposed_by_id=world.people["joost"],
        proposed_at=proposed_at,
        due_at=due_at,
        told_at=due_at if due_at < world.now else None,
    )
    for person in ("ineke", "guus"):
        _give(
            batch, world, told, person, at=proposed_at, kind=TaskKind.HANDOVER,
            reason="Acuut geworden: vraagt deze week afstemming van straf en zorg.",
            opens_question=True, to_table_id=world.tables[to], handover_id=handover_id,
        )  # fmt: skip


def _give(
    batch: Batch,
    world: World,
    told: ToldCase,
    person: str,
    *,
    at: datetime,
    reason: str,
    **more: Any,  # noqa: ANN401 - column values
) -> None:
    task_id = batch.new_id()
    batch.add(
        Task,
        id=task_id,
        person_id=world.people[person],
        organisation_id=world.organisations[world.employer[person]],
        case_id=told.case_id,
        table_id=world.tables[told.table],
        from_at=at,
        granted_by_id=world.people["joost"],
        granted_at=at,
        **more,
    )
    batch.link(TaskReason, task_id=task_id, text_ct=_sealed(told, reason, reason_binding(task_id)))


def _report(batch: Batch, world: World, told: ToldCase) -> None:
    """What the youth protection worker told this morning; staff still have to answer."""
    fact_id = batch.new_id()
    scope = KeyScope.of_case(told.case_id, RetentionClass.DECISIONS)
    texts = {
        "what": "Vader stond vanmorgen onverwacht bij school. De oudste is meegegaan.",
        "source": "Van de leerkracht, per telefoon.",
    }
    batch.add(
        NewFact,
        id=fact_id,
        case_id=told.case_id,
        table_id=world.tables[told.table],
        reported_by_id=world.people["lotte"],
        organisation_id=world.organisations["GI"],
        is_danger=False,
        happened_at=world.now - timedelta(hours=4),
        reported_at=world.now - timedelta(hours=3),
        **{
            f"{column}_ct": Unsealed(scope, text, f"new_fact:{fact_id}:{column}")
            for column, text in texts.items()
        },
    )


def _lead(batch: Batch, world: World, told: ToldCase) -> None:
    """The local team leads the case, which came from direct to stable safety."""
    since = world.now - 40 * DAY
    _give(
        batch, world, told, "pieter", at=since, kind=TaskKind.CASE_LEAD, accepted_at=since + DAY,
        reason="De casusregie ligt bij het lokale team.",
    )  # fmt: skip
    for phase, days in ((Phase.DIRECT_SAFETY, 40), (Phase.STABLE_SAFETY, 3)):
        batch.add(
            PhaseChange,
            case_id=told.case_id,
            phase=phase,
            from_at=world.now - days * DAY,
            set_by_id=world.people["joost"],
        )
    batch.link(
        CaseReview,
        case_id=told.case_id,
        due_on=(world.now + 18 * DAY).date(),
        every_weeks=6,
        set_by_id=world.people["joost"],
        set_at=since,
    )


def _household(batch: Batch, world: World, *cases: ToldCase) -> None:
    household_id: uuid.UUID = batch.new_id()
    for told in cases:
        batch.add(
            HouseholdCase,
            household_id=household_id,
            case_id=told.case_id,
            linked_by_id=world.people["joost"],
            linked_at=world.now - 6 * DAY,
        )


def _serve(batch: Batch, world: World, told: ToldCase) -> None:
    """Served the day before yesterday evening: its second day, and every clock runs."""
    served_at = world.now - timedelta(hours=37)
    batch.link(
        ExclusionOrder,
        case_id=told.case_id,
        table_id=world.tables[told.table],
        served_at=served_at,
        ends_at=served_at + TERM,
        recorded_by_id=world.people["joost"],
    )
    _run(batch, world, told, ClockStart.SERVICE, served_at)
