"""Which quarters a measurement has, until when partners answer, and their five scores."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (  # type: ignore[attr-defined]  # newer than the published types
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
)

from app.access.oversight.measurements import Span
from app.domain.local_time import start_of_day
from app.domain.survey import SCORES
from app.web import survey_words
from app.web.forms import BaseForm, DateField, given, needed


class SpanForm(BaseForm):
    """The first and the last quarter of a period; ``seen`` is the one that was looked at."""

    first_on = SelectField(_l("Eerste kwartaal"), validators=[needed(_l("Kies een kwartaal."))])
    last_on = SelectField(_l("Laatste kwartaal"), validators=[needed(_l("Kies een kwartaal."))])
    seen = HiddenField()

    def offer(self, quarters: Iterable[tuple[date, str]]) -> None:
        """The quarters that are closed, with their words."""
        choices = [
            SelectChoice("", _l("Kies …")),
            *(SelectChoice(one.isoformat(), words) for one, words in quarters),
        ]
        self.first_on.choices = self.last_on.choices = choices

    def to_span(self) -> Span:
        """What was chosen; call after validation."""
        return Span(date.fromisoformat(self.first_on.data), date.fromisoformat(self.last_on.data))

    @property
    def chosen(self) -> str:
        """The quarters chosen as ``seen`` holds them."""
        return f"{self.first_on.data}/{self.last_on.data}"

    @property
    def is_seen(self) -> bool:
        """Whether just these quarters were on the check page before they came back."""
        return bool(self.seen.data == self.chosen)


class AskForm(BaseForm):
    """Until and including which day partners may answer."""

    closes_on = DateField(
        _l("Antwoorden kan tot en met"), validators=[needed(_l("Vul de datum in."))]
    )

    def to_end(self) -> datetime:
        """The moment it closes; call after validation."""
        return start_of_day(given(self.closes_on.parsed, "closes_on") + timedelta(days=1))


def _question(number: int) -> Any:  # noqa: ANN401 - WTForms' unbound field
    return RadioField(
        choices=[SelectChoice(str(one), survey_words.SCORE[one]) for one in SCORES],
        validators=[needed(_l("Kies een antwoord op vraag %(number)s.", number=number))],
    )


class AnswerForm(BaseForm):
    """Five scores; each question stands above its own."""

    question_1 = _question(1)
    question_2 = _question(2)
    question_3 = _question(3)
    question_4 = _question(4)
    question_5 = _question(5)

    @property
    def questions(self) -> list[Any]:
        """The five fields in order."""
        return [self[f"question_{number}"] for number in range(1, 6)]

    def word(self, questions: Iterable[str]) -> None:
        """Give each field its question, in the reader's language."""
        for number, (field, words) in enumerate(zip(self.questions, questions, strict=True), 1):
            field.label.text = f"{number}. {words}"

    def to_scores(self) -> list[int]:
        """What was chosen; call after validation."""
        return [int(field.data) for field in self.questions]
