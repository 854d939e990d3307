"""What the tests of referrals press and look up: a whole referral by the pages, step by step."""

import uuid
from urllib.parse import urlsplit

from app.access.referrals import drafts, words
from app.domain.kinds import ReferralState
from app.domain.referral_drafts import Draft, dump
from app.infra import clock, crypto, wall
from app.infra.crypto import KeyScope
from app.infra.db import reading
from app.models import Referral, ReferralQuestion
from tests import builders
from tests.databases import TEST

# Words that may stand nowhere but in the draft, the case and the pages of who may read them.
CANARIES = (
    "Kanarievraag", "Kanariegebeurtenis", "Kanariepoging", "Kanariemoeder", "Kanarienaam",
    "Kanariereden",
)  # fmt: skip

MATTER = {
    "question": "Kanarievraag: wat is nodig?",
    "cause": "Kanariegebeurtenis van gisteren.",
    "tried": "Kanariepoging van het wijkteam.",
    "urgency": "soon",
}


def begin(client, table, **signs: str) -> str:
    """A draft for a table; gives its address."""
    answer = client.fill("/referrals/new", signs)
    assert answer.status_code == 303, client.last.text
    return choose(client, urlsplit(answer.location).path.rsplit("/", 1)[0], table)


def choose(client, path: str, table) -> str:
    answer = client.fill(f"{path}/table", {"table": str(table.id)})
    assert answer.status_code == 303, client.last.text
    return path


def criteria_of(client, path: str) -> list[str]:
    """The codes of the required criteria on the page."""
    page = client.page(f"{path}/criteria")
    return [
        given["value"] for tag, given in page.tags
        if tag == "input" and given.get("name") == "required"
    ]  # fmt: skip


def household(**more) -> dict:
    return {
        "members-0-role": "victim", "members-0-label": "Kanariemoeder",
        "members-0-name": "Kanarienaam de Vries", "members-0-born": "03-12-1990",
        "informed": "no", "reason": "Kanariereden", **more,
    }  # fmt: skip


def written(client, table, *, matter=None, **more) -> str:
    """A draft that misses nothing; gives its address."""
    path = begin(client, table)
    for step, fields in (
        ("matter", {**MATTER, **(matter or {})}),
        ("criteria", {"required": criteria_of(client, path)}),
        ("household", household(**more)),
    ):
        answer = client.fill(f"{path}/{step}", fields)
        assert answer.status_code == 303, (step, client.last.text)
    return path


def sent(client, table, **more) -> str:
    """A referral that was sent; gives its address."""
    path = written(client, table, **more)
    answer = client.fill(f"{path}/check", action="/check")
    assert answer.status_code == 303, client.last.text
    assert urlsplit(answer.location).path == path
    return path


def press(client, path: str, fields: dict, go: str):
    """Fill the step at ``path`` and press the button named ``go``."""
    form = client.page(path).form()
    return client.send(path, {**form.filled(fields), "go": go})


def id_of(path: str) -> uuid.UUID:
    return uuid.UUID(path.split("/")[2])


def rows(statement) -> list:
    with wall.acting_as(TEST), reading() as session:
        return list(session.scalars(statement))


def drafted(who, table, draft: Draft) -> Referral:
    """A draft of somebody as it is stored."""
    referral_id, now = uuid.uuid4(), clock.now()
    sealed = crypto.seal(
        KeyScope.of_referral(referral_id), dump(draft), belongs_to=drafts.binding(referral_id)
    )
    return builders.save(
        Referral(
            id=referral_id, table_id=table.id, person_id=who.id,
            organisation_id=who.organisation_id, state=ReferralState.DRAFT, draft_ct=sealed,
            started_at=now, changed_at=now,
        )
    )  # fmt: skip


def asked_back(of: Referral, case_id: uuid.UUID, by, text: str) -> ReferralQuestion:
    """A question of staff about a referral that was sent."""
    question_id = uuid.uuid4()
    return builders.save(
        ReferralQuestion(
            id=question_id, referral_id=of.id, asked_by_id=by.id, asked_at=clock.now(),
            text_ct=words.seal(case_id, text, words.asked_binding(question_id)),
        )
    )  # fmt: skip
