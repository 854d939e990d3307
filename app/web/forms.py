"""The base of all forms: CSRF, one record per submit, typed text restored after a time-out."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any, TypeVar

from flask import g, has_request_context, request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, StringField
from wtforms.validators import InputRequired, Length, Optional, Regexp, StopValidation
from wtforms.widgets import PasswordInput

from app.domain.errors import Reason, Refusal, StaleEdit
from app.domain.local_time import (
    DateFault,
    ImpossibleTime,
    UnreadableDate,
    UnreadableTime,
    local_to_utc,
    parse_date,
    parse_time,
)
from app.domain.text import clean_text
from app.web import drafts
from app.web.errors import sentence_of

# The request size limit refuses more before any form is read; fields set their own, smaller limits.
MOST_TYPED = 2_000_000
MOST_DIGITS = 9
EMAIL = Regexp(
    r"^[A-Za-z0-9.!#$%&'*+/=?_`{|}~-]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,}$",
    message=_l("Schrijf een e-mailadres als naam@organisatie.nl."),
)

Value = TypeVar("Value")


def new_submit_key() -> str:
    """A fresh idempotency key for one rendered form."""
    return secrets.token_urlsafe(18)


def clean(value: str | None) -> str | None:
    """Strip control characters and odd white space from typed text."""
    return clean_text(value, limit=MOST_TYPED) if isinstance(value, str) else value


def needed(message: Any = None) -> InputRequired:  # noqa: ANN401 - lazy text
    """The field must be filled in."""
    return InputRequired(message or _l("Vul dit veld in."))


def given(value: Value | None, field: str) -> Value:
    """The value of a field; Refusal when nothing but white space was typed."""
    if value is None:
        raise Refusal(Reason.VALUE_MISSING, field)
    return value


def at_most(characters: int) -> Length:
    """The text is at most so many characters."""
    return Length(max=characters, message=_l("Gebruik hoogstens %(max)d tekens."))


def link_field() -> StringField:
    """Where an online meeting is; only over https."""
    return StringField(
        _l("Link naar het online overleg"),
        validators=[
            Optional(),
            at_most(400),
            Regexp(r"https://[^\s<>\"]+$", message=_l("Begin de link met https://.")),
        ],
    )


def moment_of(day: date | None, at: time | None, field: str) -> datetime | None:
    """A day and an hour typed apart as one moment, None without both; HOUR_DOES_NOT_EXIST."""
    if day is None or at is None:
        return None
    try:
        return local_to_utc(day, at)
    except ImpossibleTime:
        raise Refusal(Reason.HOUR_DOES_NOT_EXIST, field) from None


class BaseForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A form with CSRF, an idempotency key and the typed text of a timed-out session."""

    submit_key = HiddenField(default=new_submit_key)

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # as above
        """Every text field is cleaned before it is validated."""

        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:  # noqa: ANN401
            """Add the cleaning filter to text fields."""
            filters = unbound_field.kwargs.get("filters", [])
            if issubclass(unbound_field.field_class, StringField) and clean not in filters:
                unbound_field.kwargs["filters"] = [*filters, clean]
            return unbound_field.bind(form=form, **options)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - WTForms' signature
        """Prefill with a kept draft when the page was reached again after a time-out."""
        kept = _kept_draft()
        if kept is not None and "formdata" not in kwargs:
            kwargs["formdata"] = kept
        super().__init__(*args, **kwargs)
        if kept is not None:
            self.submit_key.data = new_submit_key()

    def does(self, act: Callable[[], object]) -> bool:
        """Do what was asked when the form came back in order; False to show it again.

        Why the service refused, or what somebody else stored meanwhile, then stands in the form.
        """
        if not self.validate_on_submit():
            return False
        try:
            act()
        except Refusal as refusal:
            self.refuse(refusal)
            return False
        return True

    @property
    def status(self) -> int:
        """The status of a page that shows this form."""
        return 422 if self.errors else 200

    def refuse(self, refusal: Refusal) -> None:
        """Show why the service refused, at the field it belongs to or in the summary."""
        sentence = sentence_of(refusal)
        field = self._fields.get(refusal.field or "")
        if field is None:
            self.form_errors.append(sentence)
        else:
            field.errors = [*field.errors, sentence]


class SecretField(Field):
    """A password exactly as typed: no trimming, no normalising before the rule for passwords."""

    widget = PasswordInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the first value."""
        self.data = valuelist[0] if valuelist else ""


class VersionForm(BaseForm):
    """A form that changes something others may change too: it knows what it started from."""

    version = HiddenField()
    theirs: str | None = None

    def does(self, act: Callable[[], object]) -> bool:
        """As for any form; ``theirs`` is what somebody else stored meanwhile, if anybody did."""
        try:
            return super().does(act)
        except StaleEdit as stale:
            self.theirs, self.version.data = stale.theirs, str(stale.version)
            return False

    @property
    def status(self) -> int:
        """409 when somebody else was first."""
        return 409 if self.theirs is not None else super().status

    @property
    def known_version(self) -> int:
        """The version the edit started from; 0, which is never current, when tampered with."""
        typed = str(self.version.data or "")
        plain = typed.isascii() and typed.isdigit() and len(typed) <= MOST_DIGITS
        return int(typed) if plain else 0


def _kept_draft() -> Any:  # noqa: ANN401 - a MultiDict or None
    if not has_request_context() or request.method != "GET" or "restored" not in request.args:
        return None
    if "draft" not in g:
        actor = g.get("actor")
        page = drafts.page_key(request.path, request.args.get("item", ""))
        g.draft = drafts.take(actor.person_id, page) if actor else None
    return g.draft


class DateField(StringField):
    """A Dutch date typed as text: ``3-12-2026``, ``03-12-2026`` or ``3 december 2026``."""

    def pre_validate(self, form: Any) -> None:  # noqa: ANN401, ARG002 - WTForms' signature
        """Parse; ``parsed`` then holds the date."""
        self.parsed: date | None = None
        if not self.data:
            return
        try:
            self.parsed = parse_date(self.data)
        except UnreadableDate as error:
            raise StopValidation(str(_date_sentence(error.fault))) from None


class TimeField(StringField):
    """A time typed as text: ``13.10``, ``13:10``, ``1310`` or ``9u30``."""

    def pre_validate(self, form: Any) -> None:  # noqa: ANN401, ARG002 - WTForms' signature
        """Parse; ``parsed`` then holds the time."""
        self.parsed: time | None = None
        if not self.data:
            return
        try:
            self.parsed = parse_time(self.data)
        except UnreadableTime:
            raise StopValidation(str(_l("Schrijf de tijd als 13.10."))) from None


def _date_sentence(fault: DateFault) -> Any:  # noqa: ANN401 - lazy text
    if fault is DateFault.YEAR_NOT_FOUR_DIGITS:
        return _l("Schrijf het jaartal voluit, bijvoorbeeld 2026.")
    if fault is DateFault.YEAR_OUT_OF_RANGE:
        return _l("Dit jaartal kan niet kloppen.")
    if fault in (DateFault.NO_SUCH_DAY, DateFault.NO_SUCH_MONTH):
        return _l("Deze datum bestaat niet. Controleer dag en maand.")
    return _l("Schrijf de datum als dd-mm-jjjj, bijvoorbeeld 03-12-2026.")
