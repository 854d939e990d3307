"""The form about somebody of the family: as what, and how that one took part."""

from __future__ import annotations

import uuid

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectChoice  # type: ignore[attr-defined]  # newer
from wtforms.validators import UUID, Optional

from app.domain.kinds import FamilyPart, FamilyRole
from app.features.facts.family import NewLine
from app.web import labels
from app.web.forms import BaseForm, needed


class FamilyForm(BaseForm):
    """Role and part; ``person`` comes with the buttons about one child."""

    role = RadioField(
        _l("Wie?"),
        choices=[SelectChoice(key.value, words) for key, words in labels.FAMILY_ROLE.items()],
        validators=[needed(_l("Kies een van de mogelijkheden."))],
    )
    part = RadioField(
        _l("Hoe?"),
        choices=[SelectChoice(key.value, words) for key, words in labels.FAMILY_PART.items()],
        validators=[needed(_l("Kies een van de mogelijkheden."))],
    )
    person = HiddenField(validators=[Optional(), UUID()])

    def to_line(self) -> NewLine:
        """What was chosen; call after validation."""
        return NewLine(
            role=FamilyRole(self.role.data),
            part=FamilyPart(self.part.data),
            person_id=uuid.UUID(self.person.data) if self.person.data else None,
        )
