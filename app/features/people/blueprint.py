"""The blueprint every page of the room hangs on."""

from flask import Blueprint

bp = Blueprint("people", __name__)
