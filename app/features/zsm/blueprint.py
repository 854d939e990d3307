"""The room for the day list of a ZSM table; every journey hangs its pages on this one blueprint."""

from flask import Blueprint

bp = Blueprint("zsm", __name__)
