"""The pages of papers; each journey stands in a module of its own."""

from app.features.papers import (  # noqa: F401 - they hang their pages on bp
    extract_views,
    print_views,
)
from app.features.papers.blueprint import bp

__all__ = ["bp"]
