"""Words of the statement of destruction: numbers and offices, never a person or a case."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _

from app.access.lifecycle.runs import REPLIES
from app.domain.kinds import RetentionClass
from app.domain.local_time import local_date
from app.domain.small_counts import STEP
from app.features.retention.queries import RunPage
from app.infra.pdf import Block, Document, Facts, Heading, Words
from app.web import formats, labels
from app.web.i18n import language


def statement_of(page: RunPage, *, backup_days: int) -> Document:
    """What was destroyed, by which two offices, and when the last copy of the keys is gone."""
    assert page.executed_at is not None  # noqa: S101 - the view asked
    last_copy = local_date(page.executed_at) + timedelta(days=backup_days)
    blocks: list[Block] = [
        Words(_("Deze verklaring noemt geen personen en geen casussen.")),
        Facts((_("Gegeven"), _("Waarde")), _facts(page)),
        Heading(_("Wat is vernietigd")),
        Facts((_("Soort gegevens"), _("Aantal")), _counts(page)),
        Heading(_("Hoe is vernietigd")),
        Words(
            _(
                "De sleutels van deze gegevens zijn vernietigd en de gegevens zelf zijn uit de "
                "database verwijderd. Wat in een oudere reservekopie van de database staat, is "
                "versleuteld en zonder deze sleutels niet meer te lezen."
            )
        ),
        Words(
            _(
                "Reservekopieën van de sleutels bestaan hoogstens %(days)d dagen. De laatste kopie "
                "waarin deze sleutels kunnen staan, vervalt op %(day)s.",
                days=backup_days,
                day=formats.date_short(last_copy, language()),
            )
        ),
        Words(
            _(
                "Het toegangslogboek blijft bewaard volgens zijn eigen termijn. "
                "Het bevat geen inhoud."
            )
        ),
    ]
    title = _("Verklaring van vernietiging")
    return Document(title, language(), f"Casustafel · {str(page.id)[:8]}", blocks)


def _facts(page: RunPage) -> tuple[tuple[str, str], ...]:
    offices = {
        "chair": labels.words(labels.TABLE_ROLE, "chair"),
        "coordinator": labels.words(labels.TABLE_ROLE, "coordinator"),
        "privacy-officer": _("privacy officer"),
    }
    stamp = formats.stamp
    assert page.confirmed_at is not None  # noqa: S101 - carried out means confirmed
    assert page.executed_at is not None  # noqa: S101 - the view asked
    return (
        (_("Overleg"), page.table),
        (_("Kenmerk"), str(page.id)[:8]),
        (_("Voorbereid"), stamp(page.prepared_at, language())),
        (
            _("Bevestigd door een ander"),
            f"{stamp(page.confirmed_at, language())} ({offices[page.confirmed_as]})",
        ),
        (_("Vernietigd"), stamp(page.executed_at, language())),
    )


def _counts(page: RunPage) -> tuple[tuple[str, str], ...]:
    kinds = tuple(
        (_("Casussen: %(kind)s", kind=labels.words(labels.RETENTION_CLASS, one)), one.value)
        for one in RetentionClass
    )
    rows = (
        *kinds,
        (_("Casussen waarvan niets overblijft"), "cases"),
        (_("Woorden bij antwoorden per mail"), REPLIES),
        (_("Verwijderde regels in de database"), "rows"),
        (_("Niet vernietigd: intussen vastgehouden"), "left_out"),
    )
    return tuple((words, _number(page, what)) for words, what in rows)


def _number(page: RunPage, what: str) -> str:
    """In steps for whoever may not learn of a single case."""
    number = page.counts.get(what, 0)
    if not page.is_coarse:
        return str(number)
    return str(_("ten minste %(num)d", num=number) if number else _("minder dan %(num)d", num=STEP))
