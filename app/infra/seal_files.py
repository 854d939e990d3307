"""The seals of the access log as files to carry elsewhere; they hold hashes and no content."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.domain.log_chain import SealBody


class SealFileError(Exception):
    """A file in the folder of seals is not a seal; the message names it."""


@dataclass(frozen=True, slots=True)
class SealFile:
    """A seal as it was written to a file."""

    body: SealBody
    signature: bytes


def write(folder: Path, seal: SealFile, *, public_key: bytes) -> Path:
    """Write the file of a seal, complete or not at all; writing it again changes nothing.

    FileExistsError when another seal of this number stands there: a database that was put back to
    an older copy may not wipe out what shows it.
    """
    body = seal.body
    said = json.dumps(
        {
            "casustafel_seal": 1,
            "number": body.number,
            "sealed_at": body.sealed_at.isoformat(timespec="microseconds"),
            "first_row": body.first_id,
            "last_row": body.last_id,
            "root": body.root.hex(),
            "last_hash": body.last_hash.hex(),
            "previous": body.previous.hex(),
            "signature": seal.signature.hex(),
            "public_key": public_key.hex(),
        },
        indent=2,
    )
    text = said + "\n"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"seal-{body.number:08d}.json"
    if path.exists():
        if path.read_text(encoding="ascii") != text:
            raise FileExistsError(path)
        return path
    unfinished = path.with_suffix(".tmp")
    with unfinished.open("w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    return path


def read_all(folder: Path) -> Iterator[SealFile]:
    """The seals in a folder in order of their numbers; SealFileError for what is none."""
    for path in sorted(folder.glob("seal-*.json")):
        try:
            yield _read(json.loads(path.read_text(encoding="ascii")))
        except (ValueError, KeyError, TypeError):
            message = f"{path.name} is not a seal"
            raise SealFileError(message) from None


def _read(said: dict[str, str | int]) -> SealFile:
    body = SealBody(
        number=int(said["number"]),
        sealed_at=datetime.fromisoformat(str(said["sealed_at"])),
        first_id=int(said["first_row"]),
        last_id=int(said["last_row"]),
        root=bytes.fromhex(str(said["root"])),
        last_hash=bytes.fromhex(str(said["last_hash"])),
        previous=bytes.fromhex(str(said["previous"])),
    )
    return SealFile(body, bytes.fromhex(str(said["signature"])))
