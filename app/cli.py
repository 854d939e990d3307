"""The command line of the product: ``flask --app wsgi …``; every feature may bring its commands."""

from __future__ import annotations

import logging
from importlib import import_module

import click
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from app.access.logbook import seals
from app.access.oversight import alarms
from app.features.access_requests import forgetting
from app.features.chasing import rounds
from app.features.recertification import rounds as confirming
from app.features.replies import polling
from app.features.reports import closing
from app.infra import jobs, signs_of_life
from app.infra.db import learn_sizes
from app.infra.signs_of_life import Sign
from app.web import housekeeping
from config import Settings

log = logging.getLogger(__name__)

WITH_COMMANDS: tuple[str, ...] = (
    "accounts",
    "configuration",
    "demo",
    "health",
    "imports",
    "logbook",
    "minutes",
    "oversight",
    "replies",
    "reports",
    "retention",
)


def install(app: Flask) -> None:
    """Register the command groups of the features."""
    for name in WITH_COMMANDS:
        for group in import_module(f"app.features.{name}.commands").GROUPS:
            app.cli.add_command(group)
    app.cli.add_command(_worker_of(app))


def _worker_of(app: Flask) -> click.Command:
    """``flask --app wsgi worker``."""

    @click.command("worker")
    def worker() -> None:
        """Deliver mail, fetch answers, watch over readings and tidy up, until stopped."""
        settings: Settings = app.config["SETTINGS"]
        jobs.work(
            settings.instance,
            database_url=settings.database_url,
            context=app.app_context,
            tidy=lambda: every_hour(settings),
            fetch=lambda: every_minute(settings),
        )

    return worker


def every_minute(settings: Settings) -> None:
    """Give a sign, look for many readings and for what is due, then fetch answers in any case."""
    try:
        signs_of_life.give(Sign.WORKER)
    except SQLAlchemyError as error:
        log.warning("no sign of life was noted: %s", type(error).__name__)
    try:
        alarms.watch(most_cases=settings.alarm_cases_per_hour)
    except SQLAlchemyError as error:
        log.warning("nobody looked for many readings: %s", type(error).__name__)
    try:
        rounds.ask()
    except SQLAlchemyError as error:
        log.warning("no round of reminders was asked for: %s", type(error).__name__)
    polling.fetch(settings)


def every_hour(settings: Settings) -> None:
    """Seal the log, close quarters, ask who still works there, tidy up; each for itself."""
    try:
        seals.seal_log(settings.seal_folder)
    except (seals.RowsMissingError, OSError, SQLAlchemyError) as error:
        log.warning("the access log was not sealed: %s", type(error).__name__)
    try:
        closing.close_due()
    except SQLAlchemyError as error:
        log.warning("no quarter was closed: %s", type(error).__name__)
    try:
        confirming.look()
    except SQLAlchemyError as error:
        log.warning("nobody was asked who still works there: %s", type(error).__name__)
    housekeeping.tidy()
    learn_sizes()
    forgetting.forget_settled()
