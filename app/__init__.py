"""The application factory: assembles the house from its rooms and refuses to start half-built."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from flask import Flask
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from app import cli
from app.access.administration.installation import holds_demo_data
from app.access.messages import leak_gate
from app.infra import aliases, calendar_queue, crypto, letters, outward
from app.infra.db import db, prepare_engine
from app.web import (
    assets,
    errors,
    formats,
    frame,
    guard,
    headers,
    i18n,
    idempotency,
    masking,
    names,
)
from config import Mode, Settings, SettingsError

ROOT = Path(__file__).resolve().parent.parent
FEATURES = (
    "access_requests",
    "accounts",
    "actions",
    "acute",
    "agenda",
    "calendar",
    "case_life",
    "cases",
    "chasing",
    "configuration",
    "delivery",
    "emergency",
    "exclusion_orders",
    "exports",
    "facts",
    "handovers",
    "health",
    "history",
    "home",
    "imports",
    "interventions",
    "kinds",
    "ledger",
    "live",
    "logbook",
    "meetings",
    "minutes",
    "organisations",
    "oversight",
    "papers",
    "people",
    "plans",
    "projection",
    "providers",
    "recertification",
    "referrals",
    "replies",
    "reports",
    "retention",
    "rooms",
    "screening",
    "seats",
    "series",
    "surveys",
    "tables",
    "takeovers",
    "tasks",
    "triage",
    "urgent",
    "zsm",
)
WITH_HANDLERS = (
    "access_requests",
    "accounts",
    "actions",
    "calendar",
    "case_life",
    "chasing",
    "emergency",
    "exports",
    "facts",
    "handovers",
    "kinds",
    "minutes",
    "notices",
    "oversight",
    "papers",
    "plans",
    "recertification",
    "referrals",
    "retention",
    "seats",
    "surveys",
    "takeovers",
    "tasks",
    "triage",
)
MAX_REQUEST_BYTES = 6 * 1024 * 1024


def create_app(settings: Settings | None = None) -> Flask:
    """Make the application; raises SettingsError or MissingRuleError instead of starting wrong."""
    settings = settings or Settings.from_env()
    app = Flask(
        __name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static")
    )
    _configure(app, settings)
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"))
    with app.app_context():
        prepare_engine(db.engine)
        if settings.mode is Mode.PRODUCTION and holds_demo_data(db.engine):
            message = "Casustafel does not start: CASUSTAFEL_DATABASE_URL names a demo database."
            raise SettingsError(message)
    if not settings.key_file.exists() and settings.mode is not Mode.PRODUCTION:
        crypto.write_key_file(settings.key_file)
    crypto.open_key_store(settings.key_store_url, settings.key_file)
    letters.set_up(settings)
    letters.set_gate(leak_gate.check)
    calendar_queue.set_up(settings)
    outward.set_up(allows_loopback=settings.mode is not Mode.PRODUCTION)
    masking.install()
    i18n.install(app)
    formats.register_filters(app)
    guard.install(app)
    CSRFProtect(app)
    assets.register_assets(app)
    for part in (idempotency, errors, headers, frame, names):
        part.install(app)
    for name in FEATURES:
        app.register_blueprint(import_module(f"app.features.{name}.views").bp)
    for name in WITH_HANDLERS:
        import_module(f"app.features.{name}.handlers")
    cli.install(app)
    aliases.name_columns()
    guard.refuse_undeclared(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
        WTF_CSRF_TIME_LIMIT=None,
        SESSION_COOKIE_NAME="casustafel-form",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https://"),
        # No view answers OPTIONS, and an answer without an access check is not sent.
        PROVIDE_AUTOMATIC_OPTIONS=False,
        PROPAGATE_FAULTS=settings.mode is Mode.TEST,
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
