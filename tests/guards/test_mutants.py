"""The faults `make mutants` plants still stand where it would plant them."""

import importlib.util
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_fault_can_be_planted() -> None:
    found = importlib.util.spec_from_file_location("mutants", ROOT / "scripts/mutants.py")
    mutants = sys.modules["mutants"] = importlib.util.module_from_spec(found)
    found.loader.exec_module(mutants)
    lost = [
        one.name for one in mutants.MUTANTS if (ROOT / one.file).read_text().count(one.stands) != 1
    ]
    assert not lost
    assert len(mutants.MUTANTS) >= 8
