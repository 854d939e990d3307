"""Makes a screenshot smaller by giving it a palette of 256 colours; standard library only."""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from itertools import pairwise

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_COLOURS = 256
COMMON_COLOURS = 160
TRUE_COLOUR = {2: 3, 6: 4}  # colour type → bytes per pixel


def with_palette(data: bytes) -> bytes:
    """The same picture with at most 256 colours; ValueError unless 8-bit true colour."""
    chunks = _chunks(data)
    width, height, depth, kind = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    if depth != 8 or kind not in TRUE_COLOUR or chunks[b"IHDR"][12]:  # noqa: PLR2004 - bits per channel
        raise ValueError("not a plain 8-bit true colour PNG")
    size = TRUE_COLOUR[kind]
    rows = _unfiltered(zlib.decompress(chunks[b"IDAT"]), width * size, size)
    pixels = [[row[at : at + 3] for at in range(0, len(row), size)] for row in rows]
    colours = Counter(pixel for row in pixels for pixel in row)
    palette = _palette(colours)
    index = {colour: _nearest(colour, palette) for colour in colours}
    body = b"".join(b"\0" + bytes(index[pixel] for pixel in row) for row in pixels)
    return b"".join(
        (
            SIGNATURE,
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", b"".join(palette)),
            _chunk(b"IDAT", zlib.compress(body, 9)),
            _chunk(b"IEND", b""),
        )
    )


def _chunks(data: bytes) -> dict[bytes, bytes]:
    """The chunks by name; those of one name joined."""
    found: dict[bytes, bytes] = {}
    at = len(SIGNATURE)
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        name = data[at + 4 : at + 8]
        found[name] = found.get(name, b"") + data[at + 8 : at + 8 + length]
        at += length + 12
    return found


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _unfiltered(raw: bytes, width: int, size: int) -> list[bytes]:
    """The rows of bytes, PNG's filters undone (PNG specification, section 9)."""
    edges = range(0, len(raw) + 1, width + 1)
    rows: list[bytes] = []
    above = bytes(width)
    for start, end in pairwise(edges):
        above = _row(raw[start], bytearray(raw[start + 1 : end]), above, size)
        rows.append(above)
    return rows


def _row(kind: int, row: bytearray, above: bytes, size: int) -> bytes:
    for at in range(len(row)) if kind else ():
        left = row[at - size] if at >= size else 0
        corner = above[at - size] if at >= size else 0
        guess = (0, left, above[at], (left + above[at]) // 2, _paeth(left, above[at], corner))[kind]
        row[at] = (row[at] + guess) & 0xFF
    return bytes(row)


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda value: abs(guess - value))


def _palette(colours: Counter[bytes]) -> list[bytes]:
    """The most common colours, then those least like any chosen: a small red icon stays red."""
    chosen = [colour for colour, _ in colours.most_common(COMMON_COLOURS)]
    gaps = {colour: min(_gap(colour, one) for one in chosen) for colour in colours}
    while len(chosen) < min(MOST_COLOURS, len(colours)):
        odd = max(gaps, key=lambda colour: gaps[colour])
        chosen.append(odd)
        gaps = {colour: min(gap, _gap(colour, odd)) for colour, gap in gaps.items()}
    return chosen


def _nearest(colour: bytes, palette: list[bytes]) -> int:
    return min(range(len(palette)), key=lambda at: _gap(colour, palette[at]))


def _gap(one: bytes, other: bytes) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))
