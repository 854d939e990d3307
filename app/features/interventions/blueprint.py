"""The room for the order of interventions; it hangs its pages on this one blueprint."""

from flask import Blueprint

bp = Blueprint("interventions", __name__)
