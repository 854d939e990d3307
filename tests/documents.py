"""Reads a PDF as a reader does; where the machine has no pdftotext the test that asks is skipped."""

import os
import shutil
import subprocess

import pytest


def words_of(document: bytes) -> str:
    """All words of a PDF in order, white space made single."""
    tool = shutil.which("pdftotext")
    if tool is None:
        if os.environ.get("REQUIRE_TOOLS") == "1":
            pytest.fail("pdftotext is not installed")
        pytest.skip("pdftotext is not installed")
    done = subprocess.run([tool, "-", "-"], input=document, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())
