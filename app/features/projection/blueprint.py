"""The blueprint every page of the room hangs on."""

from flask import Blueprint

bp = Blueprint("projection", __name__)
