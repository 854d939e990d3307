"""Commands about minutes: whether a copy that somebody holds reads as it was fixed."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import click
from flask.cli import AppGroup

from app.domain.local_time import to_local
from app.domain.minutes_plain import sha256_in
from app.features.minutes.verifying import Answer, Verdict, verify
from app.infra.pdf_seal import is_unchanged

minutes = AppGroup("minutes", help="Minutes: verify a copy.")
GROUPS = (minutes,)

WORDS = {
    Verdict.DESTROYED: "a case in it was destroyed since: its words can no longer be compared.",
    Verdict.DAMAGED: "what is kept of it does not fit its own SHA-256: the database was changed.",
    Verdict.FOUND: "kept, and unchanged since. The words of the copy itself were not compared.",
    Verdict.UNCHANGED: "the copy is unchanged.",
    Verdict.CHANGED: "the words of the copy are NOT those that were fixed.",
}
GOOD = (Verdict.FOUND, Verdict.UNCHANGED)
_IN_PDF = re.compile(rb"sha-?256\W{0,8}([0-9a-f]{64})", re.IGNORECASE)


@minutes.command("verify")
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False
)
@click.option("--sha256", default="", help="The SHA-256 as printed in a copy on paper or a PDF.")
def verify_copy(file: Path | None, sha256: str) -> None:
    """Say which meeting and version FILE is of, and whether its words are those that were fixed.

    A downloaded text is compared word for word. Of a PDF the SHA-256 it names is looked up, and its
    seal says whether a byte of the file was changed.
    """
    answer = _of_file(file) if file is not None else _of_number(sha256)
    if answer.verdict is Verdict.UNKNOWN or answer.starts_at is None or answer.made_at is None:
        raise click.ClickException("no version of any minutes is known by this SHA-256.")
    click.echo(
        f"Meeting of {to_local(answer.starts_at):%d-%m-%Y}, version {answer.version}"
        f" fixed on {to_local(answer.made_at):%d-%m-%Y}: {WORDS[answer.verdict]}"
    )
    if not answer.is_latest:
        click.echo("There is a newer version.")
    if answer.verdict not in GOOD:
        raise SystemExit(1)


def _of_file(file: Path) -> Answer:
    content = file.read_bytes()
    if content.startswith(b"%PDF"):
        named = _IN_PDF.search(content)
        if named is None:
            raise click.UsageError("type the SHA-256 that the PDF shows: --sha256")
        answer = verify(named[1].decode().lower())
        if answer.verdict is Verdict.FOUND and (same := is_unchanged(content)) is not None:
            return replace(answer, verdict=Verdict.UNCHANGED if same else Verdict.CHANGED)
        return answer
    text = content.decode("utf-8", "replace")
    sha256 = sha256_in(text)
    if sha256 is None:
        raise click.ClickException("the last line names no SHA-256: this is no copy, or a concept.")
    return verify(sha256, text=text)


def _of_number(sha256: str) -> Answer:
    typed = "".join(sha256.split()).lower()
    if not typed:
        raise click.UsageError("name a file, or a number with --sha256")
    return verify(typed)
