"""Tasks of every kind, and an answer before its reviewer."""

from app.domain.kinds import (
    AnswerKind,
    SourceOpinion,
    TaskKind,
)
from app.features.access_requests import judging
from app.infra import clock
from app.infra.db import transaction
from app.models import (
    AccessRequest,
    AccessRequestPart,
    SourceView,
)
from tests import builders
from tests.canaries.world import CLOSES, TASKS, Canaries, word


def give_tasks(world: Canaries) -> None:
    """One of each kind, accepted once the papers are open; all but the lead end with the window."""
    things, people = world.things, world.people
    main, by, now = things["main"], people["coordinator"], clock.now()
    things["tasks"] = {}
    for actor, (kind, codes, opens_question) in TASKS.items():
        leads = kind is TaskKind.CASE_LEAD
        at_item = kind in {TaskKind.GUEST, TaskKind.SECRETARY}
        things["tasks"][actor] = builders.task(
            people[actor], main, by, kind=kind, reason=word("leadreason" if leads else "taskreason"),
            sections=[things["sections"][code] for code in codes], opens_question=opens_question,
            until_at=None if leads else CLOSES, item_id=things["item"].id if at_item else None,
            to_table_id=things["other"].id if kind is TaskKind.HANDOVER else None,
            accepted_at=now if leads or world.clock in "CLDE" else None,
        )  # fmt: skip
    named = ("asked for information", "case lead", "guest", "secretary", "receiving team")
    world.know("task_id", *(things["tasks"][actor] for actor in named))


def have_reviewed(world: Canaries) -> None:
    """An answer with the source's own text in it, before a reviewer who took the task on."""
    things, people = world.things, world.people
    text, by, who = things["sections"]["input"], people["coordinator"], people["reviewer"]
    someone = things["concerned"]
    asked = builders.access_request(things["main"], someone, text, by, reviewer=who)
    task = builders.task(
        who, things["main"], by, kind=TaskKind.ACCESS_REVIEW, sections=[text], reason=word("taskreason"),
        until_at=CLOSES, accepted_at=clock.now() if world.clock in "CLDE" else None,
    )  # fmt: skip
    with transaction() as session:
        request = session.get_one(AccessRequest, asked.request.id)
        request.answer, request.task_id = AnswerKind.PART, task.id
        part = session.get_one(AccessRequestPart, asked.part.id)
        part.grounds, part.text_hash = '[""]', judging.hash_of(word("input"))
        part.judged_by_id, part.judged_at = by.id, clock.now()
        view = session.get_one(SourceView, asked.view.id)
        view.opinion, view.answered_at = SourceOpinion.YES, clock.now()
        view.answered_by_id = people["representative"].id
    world.know("access_request_id", asked.request)
    world.know("part_id", asked.part)
    world.know("view_id", asked.view)
    things["review"] = asked.request
