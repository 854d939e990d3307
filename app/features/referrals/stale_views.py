"""What stands in a step when another tab was first, as words beside the reader's own."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from app.domain.referral_drafts import Member, Step
from app.domain.table_chooser import Sign
from app.features.referrals.drafting import StepPage
from app.web import labels, referral_words
from app.web.i18n import in_language


def words_of(page: StepPage) -> str:
    """The stored words of the step of a page, a line each."""
    return "\n".join(line for line in _LINES[page.step](page) if line)


def _table(page: StepPage) -> Iterator[str]:
    yield page.table
    for sign in Sign:
        answer = getattr(page.draft.choice.signs, sign.value)
        if answer is not None:
            yield f"{referral_words.QUESTION[sign]} {_('ja') if answer else _('nee')}"


def _matter(page: StepPage) -> Iterator[str]:
    matter = page.draft.matter
    yield from (matter.question, matter.cause, matter.tried, matter.late)
    if matter.urgency:
        yield str(referral_words.URGENCY[matter.urgency])
    yield str(referral_words.CHANNEL[matter.channel])
    yield labels.words(labels.REGIME, matter.regime)


def _criteria(page: StepPage) -> Iterator[str]:
    for one in page.document.criteria if page.document else ():
        if one.code in page.draft.met.codes:
            yield in_language(one.text.nl, one.text.en)


def _household(page: StepPage) -> Iterator[str]:
    household = page.draft.household
    for one in household.members:
        yield _member(one)
    if household.informed is not None:
        knows, knows_not = _("Het gezin weet ervan."), _("Het gezin weet er nog niet van.")
        yield knows if household.informed else knows_not
    yield household.reason
    yield from (one.name for one in page.partners if str(one.id) in household.partners)


def _member(one: Member) -> str:
    parts = (labels.words(labels.CONCERNED_ROLE, one.role), one.label, one.name, one.born)
    return ", ".join(part for part in parts if part)


_LINES = {
    Step.TABLE: _table,
    Step.MATTER: _matter,
    Step.CRITERIA: _criteria,
    Step.HOUSEHOLD: _household,
}
