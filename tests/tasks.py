"""What the tests of tasks give, look up and read of one: which canaries its page shows."""

from app.domain.kinds import TaskKind
from app.infra import clock
from app.infra.db import reading
from app.models import Task
from tests import builders

CANARIES = {
    "identity": "Kanarienaam", "reason": "Kanarieaanleiding", "safety": "Kanarieveiligheid",
    "children": "Kanariekinderen", "health": "Kanariegezondheid",
}  # fmt: skip


def rows(statement):
    with reading() as session:
        return session.scalars(statement).all()


def given(world, *names: str, kind=TaskKind.INFORMATION_REQUEST, **more) -> Task:
    return builders.task(
        world.police_colleague, world.case, world.coordinator, kind=kind,
        sections=[world.sections[one] for one in names], **more,
    )  # fmt: skip


def accepted(world, *names: str, **more) -> Task:
    return given(world, *names, accepted_at=clock.now(), **more)


def words_of(world, client, task: Task, *, names: bool = False) -> set[str]:
    if names:
        client.send(f"/names/show?task={task.id}", {})
    text = client.page(f"/tasks/{task.id}").text
    return {name for name, word in CANARIES.items() if word in text}
