"""The five questions of a table in tests: who was asked, and answers added up."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from app.domain.kinds import MeasurementKind
from app.infra import clock
from app.models import CaseTable, Person, Survey, SurveyInvitation, SurveyTally
from tests import builders


def asked(
    at: CaseTable,
    people: Sequence[Person],
    by: Person,
    scores: Mapping[int, int] | None = None,
    **more,
) -> Survey:
    """The questions of the baseline, open for three weeks; each score was given so often."""
    opens_at = clock.now()
    made = builders.save(
        Survey(
            **{"table_id": at.id, "kind": MeasurementKind.BASELINE, "opens_at": opens_at,
               "closes_at": opens_at + timedelta(days=21), "asked_by_id": by.id, **more}
        )
    )  # fmt: skip
    builders.save_all(
        *(SurveyInvitation(survey_id=made.id, person_id=one.id) for one in people),
        *(
            SurveyTally(
                survey_id=made.id, question=number, score=score, number=(scores or {}).get(score, 0)
            )
            for number in range(1, 6)
            for score in range(1, 6)
        ),
    )
    return made
