"""The command that explains access; it names sections and rules, never what a section says."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from sqlalchemy import func, select

from app.access import audit
from app.access.oversight import why
from app.access.oversight.why import SectionWhy
from app.domain.references import normalise_reference
from app.infra import clock
from app.infra.db import transaction
from app.infra.wall import System, opened_for
from app.models import Person

access = AppGroup("access", help="Who may see what, and why.")
GROUPS = (access,)


@access.command("why")
@click.argument("person")
@click.argument("case")
def explain(*, person: str, case: str) -> None:
    """Say for every section of CASE (its reference) whether PERSON (an e-mail address) sees it.

    Names the rule that decided, since when and until when (UTC). Asking is recorded.
    """
    with transaction() as session, opened_for(session, System.OVERSIGHT):
        found = session.scalars(
            select(Person).where(func.lower(Person.email) == person.strip().lower())
        ).one_or_none()
        of = why.case_of(session, normalise_reference(case))
        if found is None or of is None:
            raise click.ClickException("there is no such account, or no such case")
        sections = why.without_hidden(why.explain(session, found, of, now=clock.now()))
        audit.record(session, None, why.asked(of, found.id))
    for one in sections:
        click.echo(_line(one))
    if not sections:
        click.echo("This case has no sections.")


def _line(one: SectionWhy) -> str:
    what = f"{one.label_nl} ({one.source})" if one.source else one.label_nl
    if one.ground is None:
        return f"no   {what}: {', '.join(missing.value for missing in one.missing)}"
    since = f", since {one.since:%Y-%m-%d %H:%M}" if one.since else ""
    until = f", until {one.until:%Y-%m-%d %H:%M}" if one.until else ""
    return f"yes  {what}: {one.ground.value}{since}{until}"
