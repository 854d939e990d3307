"""The blueprint every view of the room hangs its pages on."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("recertification", __name__)
