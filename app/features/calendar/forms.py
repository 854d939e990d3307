"""The form of the own calendar subscription."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from app.domain.kinds import FeedContent
from app.web import labels
from app.web.forms import BaseForm


class FeedForm(BaseForm):
    """How much a subscription says."""

    content = RadioField(
        _l("Wat staat er in uw agenda?"),
        choices=labels.choices(labels.FEED_CONTENT),
        default=FeedContent.BUSY.value,
    )

    def to_content(self) -> FeedContent:
        """The chosen content; call after validation."""
        return FeedContent(self.content.data)
