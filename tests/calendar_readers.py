"""Two calendar parsers that share no code with the writer; tests compare what both make of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import vobject

TOOLS = Path(__file__).parent / "tools"


def read_with_vobject(data: bytes) -> dict[str, Any]:
    """Return method and events as vobject reads them, times as UTC instants."""
    calendar = vobject.readOne(data.decode("utf-8"))
    method = getattr(calendar, "method", None)
    return {
        "method": method.value if method else None,
        "events": [_vobject_event(event) for event in calendar.vevent_list],
    }


def read_with_ical_js(data: bytes) -> dict[str, Any]:
    """Return the same as ical.js reads it; skips in one line where node or ical.js is missing."""
    node = shutil.which("node")
    if node is None or not (TOOLS / "node_modules" / "ical.js").is_dir():
        message = "ical.js is not installed (npm ci in tests/tools)"
        if os.environ.get("REQUIRE_TOOLS") == "1":
            pytest.fail(message)
        pytest.skip(message)
    done = subprocess.run(
        [node, str(TOOLS / "parse_ics.mjs")], input=data, capture_output=True, check=True
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def unfolded(data: bytes) -> list[str]:
    """Return the content lines with the folds taken out (RFC 5545 3.1)."""
    return data.decode("utf-8").replace("\r\n ", "").rstrip("\r\n").split("\r\n")


def _vobject_event(event: Any) -> dict[str, Any]:
    def text(name: str) -> str | None:
        found = getattr(event, name, None)
        return found.value if found else None

    def instant(moment: datetime) -> str:
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    return {
        "uid": text("uid"),
        "sequence": int(text("sequence") or 0),
        "status": text("status"),
        "summary": text("summary"),
        "description": text("description"),
        "location": text("location"),
        "start": instant(event.dtstart.value),
        "end": instant(event.dtend.value),
        "starts": [
            instant(one) for one in event.getrruleset(addRDate=True) or [event.dtstart.value]
        ],
        "occurrence_of": instant(event.recurrence_id.value) if text("recurrence_id") else None,
        "zone": event.dtstart.params.get("X-VOBJ-ORIGINAL-TZID", [None])[0]
        or event.dtstart.params.get("TZID", [None])[0],
        "organizer": text("organizer"),
        "attendees": [one.value for one in getattr(event, "attendee_list", [])],
    }
