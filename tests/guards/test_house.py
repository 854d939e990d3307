"""The house is built as architecture says: one way of importing, one door per library.

Every rule is first shown to bite on a planted violation, then asked about the real source.
"""

from pathlib import Path

import pytest

from tests.guards import house

ROOT = Path(__file__).resolve().parents[2]
PROTECTED = house.protected_models(ROOT)

PLANTED = [
    ("app/domain/bad.py", "from app.infra import clock", "domain may not import app.infra.clock"),
    ("app/infra/bad.py", "from app.models import Case", "infra may not import app.models.Case"),
    ("app/models/bad.py", "import app.access", "models may not import app.access"),
    ("app/access/bad.py", "from app.web import guard", "access may not import app.web.guard"),
    ("app/web/bad.py", "from app.features.cases import views", "web may not import app.features"),
    ("app/web/bad.py", "def later():\n    import app.cli", "web may not import app.cli"),
    ("app/domain/bad.py", "from config import Settings", "domain may not import config.Settings"),
    ("app/models/bad.py", "from . import cases", "relative import"),
    ("app/extra/bad.py", "x = 1", "stands on no floor"),
    ("app/infra/utils.py", "x = 1", "a drawer without a name"),
    ("app/features/cases/views.py", "from app.features.agenda import queries", "feature cases imports app.features.agenda"),
    ("app/features/cases/service.py", "from app.web import guard", "service.py reaches the web floor"),
    ("app/features/cases/service.py", "from flask import g", "service.py:1: imports flask"),
    ("app/features/cases/queries.py", "import flask_login", "queries.py:1: imports flask_login"),
    ("app/access/bad.py", "from flask import request", "imports flask"),
    ("app/models/bad.py", "import flask_sqlalchemy", "imports flask_sqlalchemy"),
    ("app/infra/letters.py", "import imapclient", "only app/infra/imap.py may"),
    ("app/features/cases/views.py", "import typst", "only app/infra/pdf.py may"),
    ("app/infra/mail.py", "import icalendar", "only app/infra/ics.py and app/infra/ics_feed.py and"),
    ("app/web/bad.py", "import bleach", "only app/infra/html.py may"),
    ("app/access/bad.py", "from cryptography.hazmat import x", "only app/infra/crypto.py and"),
    ("app/features/cases/service.py", "session.commit()", ".commit( stands only in app/infra/db.py"),
    ("app/access/bad.py", "datetime.now(UTC)", "datetime.now( stands only in app/infra/clock.py"),
    ("app/features/cases/queries.py", "select(Section.id)", "asks the database for Section itself"),
    ("app/features/cases/service.py", "session.get(Case, key)", "asks the database for Case itself"),
    ("app/features/cases/views.py", "sa.select(models.x).select_from(Seat)", "asks the database for Seat"),
]  # fmt: skip

ALLOWED_LINES = [
    ("app/features/cases/views.py", "from flask import Blueprint\nfrom app.web import guard"),
    ("app/features/cases/forms.py", "import wtforms\nfrom app.web.forms import BaseForm"),
    ("app/features/cases/service.py", "from app import access\nfrom app.infra.db import transaction"),
    ("app/features/cases/service.py", "from app.features.cases import queries"),
    ("app/features/cases/service.py", "session.add(Section(text_ct=sealed))"),
    ("app/access/loaders.py", "select(Section.id)"),
    ("app/infra/db.py", "import flask_sqlalchemy\nsession.commit()"),
    ("app/infra/clock.py", "datetime.now(UTC)"),
    ("app/__init__.py", "import flask\nfrom app.features.cases import views\nfrom app import cli"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "line", "message"), PLANTED)
def test_a_planted_violation_is_found(tmp_path: Path, path: str, line: str, message: str):
    _plant(tmp_path, path, line)
    found = house.violations(tmp_path, PROTECTED)
    assert [one for one in found if message in one and one.startswith(path)], found


def test_the_rule_imports_no_room_of_its_own(tmp_path: Path):
    _plant(tmp_path, "app/access/seats/deputies.py", "from app.access import conditions")
    _plant(tmp_path, "app/access/scopes.py", "from app.access.seats import deputies")
    (found,) = house.violations(tmp_path, PROTECTED)
    assert found.startswith("app/access/scopes.py:1: the rule imports app.access.seats")


@pytest.mark.parametrize(("path", "line"), ALLOWED_LINES)
def test_what_the_house_allows_is_left_alone(tmp_path: Path, path: str, line: str):
    _plant(tmp_path, path, line)
    assert house.violations(tmp_path, PROTECTED) == []


def test_the_house_has_no_violations():
    found = house.violations(ROOT, PROTECTED)
    assert not found, "\n" + "\n".join(found)


def test_the_protected_models_are_known():
    assert {"Case", "Section", "Meeting", "Seat", "Decision", "Action"} <= PROTECTED


def test_every_floor_has_source():
    floors = {source.floor for source in house.sources(ROOT)}
    assert floors == set(house.ALLOWED), "a floor of ALLOWED is empty or unknown"


def _plant(root: Path, path: str, line: str) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(line + "\n", encoding="utf-8")
