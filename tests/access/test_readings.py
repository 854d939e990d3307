"""Whatever a page shows of confidential text stands in the log: that object, that reader, that moment.

Every page is fetched by a few people who see much, and every form that knows a version is sent too
late, for the answer to that shows what stands. Each word of the world in a body must have a line.
"""

import uuid

import pytest
from sqlalchemy import func, select

from app.infra.db import reading
from app.models import AuditEvent, Person
from tests import canaries
from tests.access.reading import visitor
from tests.canaries import Canaries, words_in
from tests.crawler import Answer, as_answer, barred, crawl, narrowed
from tests.pages import Page
from tests.visitors import token_of

# Who at which clock: together they meet every page that opens a text.
READERS = (
    ("D", ("coordinator", "seat holder", "deputy", "representative", "told action owner")),
    ("C", ("asked for input",)),
)
REFUSED = (409, 422)
WRITTEN = {"note", "staffnote", "minuted", "correction"}


def objects_of(world: Canaries) -> dict[str, set[uuid.UUID]]:
    """Per confidential word the objects a reading of it may be logged under.

    Neutral texts, references, times and names of accounts are not confidential and not logged.
    """
    ids, things = world.ids, world.things
    main = things["main"]
    found = {name: {section.id} for name, section in things["sections"].items()}
    # The task of a request for input is the question; staff open it with the case.
    found["question"] = {main.id, *ids["request_id"]}
    found["secondquestion"] = {things["second"].id}
    found["label"] = found["relation"] = {main.id, *ids["concerned_id"]}
    found["exclusion"] = set(ids["exclusion_id"])
    found["proposed"] = {*ids["seat_id"], *ids["bystander_id"]}
    found["reply"] = set(ids["reply_id"])
    # What was taken down by telephone is opened as the answer to the request.
    found["input"] |= set(ids["request_id"])
    for number, name in enumerate(("decision", "otherdecision")):
        if ids.get("decision_id"):
            found[name] = found[f"{name}dissent"] = {ids["decision_id"][number]}
    for name in ("holder", "deputy", "owner", "told"):
        if name in things:
            found[f"full{name}"] = found[f"remark{name}"] = {things[name].id}
    for number, name in enumerate(("note", "staffnote", "minuted")):
        if ids.get("note_id"):
            found[name] = {ids["note_id"][number]}
    found["correction"] = set(ids.get("correction_id", ()))
    return found


class Log:
    """Reads what was added to the log since the last look."""

    def __init__(self, who: Person) -> None:
        self.who, self.seen = who, 0
        self.new()

    def new(self) -> set[uuid.UUID | None]:
        """The objects of the lines of this person since the last call."""
        with reading() as session:
            lines = session.execute(
                select(AuditEvent.object_id, AuditEvent.section_id).where(
                    AuditEvent.id > self.seen, AuditEvent.person_id == self.who.id
                )
            ).all()
            self.seen = session.scalar(select(func.max(AuditEvent.id))) or 0
        return {one for line in lines for one in line}


def show_names(client, world: Canaries, token: str) -> None:
    """Names too, wherever this visitor may have them shown."""
    named = {
        "case": [world.things["main"].id],
        "meeting": [world.things["meeting"].id],
        "request": world.ids["request_id"],
        "seat": world.ids["seat_id"],
    }
    for kind, ids in named.items():
        for one in ids:
            client.post(
                f"/names/show?{kind}={one}",
                data={"csrf_token": token},
                headers={"Referer": "https://casustafel.test/"},
            )


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("clock", "actors"), READERS)
def test_no_confidential_word_shows_without_a_line_in_the_log(  # noqa: PLR0917 - fixtures, by name
    app, frozen_clock, new_client, clock: str, actors: tuple[str, ...], deep: bool
) -> None:
    world = canaries.build(clock, frozen_clock)
    objects = objects_of(world)
    unlogged, shown = [], set()
    for actor in actors:
        client = visitor(new_client, world, actor)
        token = token_of(client)
        show_names(client, world, token)
        log = Log(world.people[actor])

        def look(answer: Answer, actor: str = actor, log: Log = log) -> None:
            logged = log.new()
            words = words_in(answer.text) & set(objects)
            shown.update(words)
            unlogged.extend(
                f"{actor} at {clock}: {word!r} at {answer.path} ({answer.status})"
                for word in sorted(words)
                if not objects[word] & logged
            )

        but = () if deep else barred(app, world, actor)
        walked = crawl(app, client, narrowed(world, actor), each=look, but=but)
        forms = [
            (answer.path, form)
            for answer in walked.answers
            for form in Page(answer.text).forms
            if answer.kind == "text/html" and "version" in form.names
        ]
        late = set()
        for path, form in forms:
            answer = client.post(
                path if not form.action or form.action.startswith("?") else form.action,
                data=form.filled({"version": "7777", "csrf_token": token}),
                headers={"Referer": "https://casustafel.test/"},
            )
            look(as_answer(app, path, answer))
            late.add(answer.status_code)
        if forms:
            assert late & set(REFUSED), f"{actor}: no form was too late: {late}"
    assert not unlogged, "\n".join(unlogged)
    assert {"question", "identity"} <= shown
    assert (
        clock == "C"
        or {"decision", "fullowner", "fulltold", "remarkowner", "exclusion", *WRITTEN} <= shown
    )
