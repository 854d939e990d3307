"""``flask --app wsgi demo load``: only in demo and test mode, only into an empty database."""

from __future__ import annotations

from typing import Any

import click

from app.features.demo import service
from config import Mode, Settings


@click.group("demo")
def demo() -> None:
    """The fictional Regio Deltaland."""


@demo.command("load")
@click.option("--size", type=click.Choice([size.value for size in service.Size]), default="region")
@click.option("--seed", type=int, default=service.SEED, show_default=True)
@click.option("--if-empty", is_flag=True, help="Do nothing when there is data already.")
@click.pass_obj
def load(info: Any, size: str, seed: int, if_empty: bool) -> None:  # noqa: ANN401, FBT001 - click's
    """Load demo data of a SIZE: small, region or stress."""
    settings: Settings = info.load_app().config["SETTINGS"]
    if settings.mode is Mode.PRODUCTION:
        raise click.ClickException("Demo data is loaded in demo and test mode only.")
    try:
        count = service.load(service.Size(size), seed=seed)
    except service.NotEmptyError:
        if if_empty:
            return
        raise click.ClickException(
            "There is data already. Demo data goes into an empty database."
        ) from None
    click.echo(f"Loaded {count} rows of Regio Deltaland ({size}).")


GROUPS = (demo,)
