"""The form parts tie words, hints and faults to their controls; the other parts say their state."""

import re
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from flask_babel import Babel
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from wtforms import RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

ROOT = Path(__file__).resolve().parents[2]
FORMS = '{% from "components/forms.html" import error_summary, text, textarea, radios, select %}'


class QuestionForm(FlaskForm):
    """A form with one field of each kind that differs."""

    question = StringField("Vraag", validators=[InputRequired("Vul de vraag in.")])
    note = TextAreaField("Toelichting")
    reader = RadioField(
        "Wie leest dit?",
        choices=[SelectChoice("all", "Allen"), SelectChoice("chair", "Voorzitter")],
    )
    kind = SelectField("Soort", choices=[SelectChoice("a", "A")])


@pytest.fixture
def render():
    app = Flask(
        __name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static")
    )
    app.secret_key = "only in this test"
    app.jinja_env.undefined = StrictUndefined
    Babel(app)
    CSRFProtect(app)

    def render_posted(source: str, **data: str) -> str:
        with app.test_request_context(method="POST", data=data):
            form = QuestionForm(meta={"csrf": False})
            form.validate()
            return render_template_string(source, form=form)

    return render_posted


def test_each_fault_is_a_link_to_its_field_with_the_same_words(render):
    page = render(FORMS + "{{ error_summary(form) }}{{ text(form.question) }}", kind="a")
    assert '<a href="#question">Vul de vraag in.</a>' in page
    assert 'role="alert"' in page
    assert re.search(r'<p class="error" id="question-error">.*Vul de vraag in\.', page)
    assert re.search(r'<input[^>]*aria-describedby="question-error"[^>]*aria-invalid="true"', page)


def test_what_was_typed_stays(render):
    page = render(
        FORMS + "{{ textarea(form.note, max=20) }}{{ radios(form.reader) }}",
        note="<b>",
        reader="chair",
    )
    assert "&lt;b&gt;" in page
    assert re.search(r'value="chair" checked', page)
    assert "3 van 20 tekens" in page


def test_the_label_says_whether_a_field_may_stay_empty(render):
    page = render(
        FORMS
        + "{{ text(form.question) }}|{{ textarea(form.note) }}|{{ radios(form.reader) }}|{{ select(form.kind) }}"
    )
    marks = ["(verplicht)", "(mag leeg)", "(verplicht)", ""]
    for part, mark in zip(page.split("|"), marks, strict=True):
        assert re.findall(r"\((?:verplicht|mag leeg)\)", part) == ([mark] if mark else [])


def test_a_refusal_without_a_form_is_shown_too(render):
    page = render(FORMS + "{{ error_summary(none, 'Dit overleg is gesloten.') }}")
    assert "Er is een probleem" in page
    assert "Dit overleg is gesloten." in page


def test_no_faults_no_summary(render):
    page = render(FORMS + "{{ error_summary(form) }}", question="x", reader="all", kind="a")
    assert page.strip() == ""


@pytest.mark.parametrize("state", ["occupied", "invited", "declined", "conflict", "open", "none"])
def test_a_seat_says_its_state_in_words(render, state: str):
    source = '{% from "components/seat.html" import seat %}{{ seat("POL", "Politie", "STATE") }}'
    page = render(source.replace("STATE", state))
    assert f'class="seat {state}"' in page
    assert re.search(r'class="vh">: [a-z]', page)
