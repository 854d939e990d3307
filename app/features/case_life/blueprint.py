"""The blueprint every page of the room hangs on."""

from flask import Blueprint

bp = Blueprint("case_life", __name__)
