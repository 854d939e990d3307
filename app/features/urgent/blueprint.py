"""The room for urgent meetings; every journey hangs its pages on this one blueprint."""

from flask import Blueprint

bp = Blueprint("urgent", __name__)
