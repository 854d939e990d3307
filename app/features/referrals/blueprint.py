"""The room for referrers; both journeys hang their pages on this one blueprint."""

from flask import Blueprint

bp = Blueprint("referrals", __name__)
