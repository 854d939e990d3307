"""Plants one fault in the rule of need-to-know at a time and asks whether tests/model notices.

Each fault is planted in a copy of the repository; the histories that are green on the rule as it
stands must turn red. Prints a line per fault; ends with 1 when one went unnoticed. See `make
mutants`.
"""

import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HISTORIES = 120
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "node_modules", "__pycache__", "instance", ".*_cache"
)


@dataclass(frozen=True)
class Mutant:
    """A fault: what stands in a file, and what a careless change would make of it."""

    name: str
    file: str
    stands: str
    planted: str


ACTOR = "app/access/actor.py"
CONDITIONS = "app/access/conditions.py"
GROUNDS = "app/access/grounds.py"
SCOPES = "app/access/scopes.py"
DEPUTIES = "app/access/seats/deputies.py"
STEPPING = "app/access/seats/stepping_back.py"
SOURCES = "app/access/meetings/source_decisions.py"
EMERGENCY = "app/access/oversight/emergency.py"
HOLDING = "app/access/tasks/holding.py"
TRANSFERS = "app/access/tasks/transfers.py"
EXCLUSIONS = "app/features/cases/exclusions.py"
TASKS = "app/features/tasks/service.py"
GIVING = "app/features/tasks/giving.py"
MUTANTS = (
    Mutant("spans never end", CONDITIONS, "or_(until_at.is_(None), until_at > now))", "true())"),
    Mutant("a span still holds at its end", CONDITIONS, "until_at > now))", "until_at >= now))"),
    Mutant("recusal is forgotten", CONDITIONS, "            Recusal.lifted_at.is_(None),\n", "            Recusal.lifted_at.is_not(None),\n"),
    Mutant("exclusion bars another case", CONDITIONS, "Exclusion.case_id == about", "Exclusion.case_id != about"),
    Mutant("the window never shuts", CONDITIONS, "opens_at <= now, Meeting.closes_at > now)", "opens_at <= now)"),
    Mutant("the window shuts a moment late", CONDITIONS, "opens_at <= now, Meeting.closes_at > now)", "opens_at <= now, Meeting.closes_at >= now)"),
    Mutant("papers open at publication", CONDITIONS, "Meeting.opens_at <= now, ", ""),
    Mutant("anybody's acceptance counts", CONDITIONS, "        Acceptance.person_id == actor.person_id, ", "        "),
    Mutant("a covenant lasts for ever", CONDITIONS, "        is_live(Covenant.from_at, Covenant.until_at, now),\n", ""),
    Mutant("what was withdrawn stays open", CONDITIONS, "        Disclosure.withdrawn_at.is_(None),\n", ""),
    Mutant("the source is not asked", CONDITIONS, "        is_agreed(Section, Disclosure, given_at=Disclosure.decided_at, now=now),\n", ""),
    Mutant("nobody asks who is known", CONDITIONS, "is_ready_seat(actor, now), knows_nobody(actor, now))", "is_ready_seat(actor, now))"),
    Mutant("papers do not wait for the item", CONDITIONS, "        is_taken_up(now),\n", ""),
    Mutant("papers do not wait for the roll call", CONDITIONS, "        Seat.presence.in_(AT_TABLE),\n", ""),
    Mutant("a moved case stays with its seats", CONDITIONS, "        Case.table_id == Meeting.table_id,\n    )\n\n\ndef is_published", "    )\n\n\ndef is_published"),
    Mutant("a cancelled meeting goes on", CONDITIONS, "        Meeting.cancelled_at.is_(None),\n", ""),
    Mutant("former holders keep their seat", CONDITIONS, "        is_held(now),\n        Seat.removed_at", "        Seat.removed_at"),
    Mutant("a blocked account is let in", ACTOR, "and_(Person.state == AccountState.ACTIVE, goes_on)", "goes_on"),
    Mutant("every colleague of the source reads", SCOPES, "        Case.table_id.in_(actor.representative_table_ids),\n    )\n    by_seat", "    )\n    by_seat"),
    Mutant("staff of any table reads", SCOPES, "by_staff = c.is_staff_table(actor, Case.table_id)", "by_staff = c.always() if actor.is_staff else false()"),
    Mutant("a task opens before it is accepted", GROUNDS, "Task.accepted_at <= now, ", ""),
    Mutant("a task goes on after its end", GROUNDS, "        or_(Task.ended_at.is_(None), Task.ended_at > now),\n", ""),
    Mutant("a task opens what it does not name", GROUNDS, "        TaskSection.section_id == Section.id,\n", ""),
    Mutant("anybody breaks the glass", GROUNDS, "return and_(reads.correlate(Case), may_break_glass(actor))", "return reads.correlate(Case)"),
    Mutant("a task at an item outlasts its window", GROUNDS, "        or_(Task.item_id.is_(None), _is_item_open(now)),\n", ""),
    Mutant("a task goes along to another organisation", GROUNDS, "        Task.organisation_id == actor.organisation_id,\n", ""),
    Mutant("every task opens the plan", GROUNDS, "and_(Task.kind == TaskKind.CASE_LEAD, plan.correlate(Task, Section))", "plan.correlate(Task, Section)"),
    Mutant("a task is read before one says whom one knows", GROUNDS, "Task.accepted_at <= now, knows_nobody(actor, now))", "Task.accepted_at <= now)"),
    Mutant("two lead a case", HOLDING, "other.id != own.task.id and other.accepted_at is not None", "False"),
    Mutant("a task given back stays", TASKS, "        tasks.end(task, actor, now=clock.now())\n", ""),
    Mutant("a task taken away stays", GIVING, "        tasks.end(task, actor, now=clock.now())\n", ""),
    Mutant("a task comes back after an exclusion", EXCLUSIONS, "        _end_tasks(session, actor, case, person_id, now=now)\n", ""),
    Mutant("an emergency lasts a minute longer", EMERGENCY, "timedelta(minutes=15)", "timedelta(minutes=16)"),
    Mutant("an emergency ends by itself alone", EMERGENCY, "    opened.ended_at = clock.now()\n", ""),
    Mutant("a case that moved stays where it was", TRANSFERS, "    case.table_id = to_table_id\n", ""),
    Mutant("a case comes back with its seats", TRANSFERS, "    _leave_agendas(session, case, now)\n", ""),
    Mutant("a case comes back with its tasks", TRANSFERS, "    _close_tasks(session, actor, case, now)\n", ""),
    Mutant("a deputy stays past the moment chosen", DEPUTIES, "    end = until if until is not None and is_sooner else end\n", ""),
    Mutant("a deputy keeps the seat for good", DEPUTIES, "person_id=to_id, from_at=now, until_at=end)", "person_id=to_id, from_at=now)"),
    Mutant("a seat handed over does not come back", DEPUTIES, "    session.add(after)\n", ""),
    Mutant("input taken back is read at seats", SOURCES, "Disclosure.section_id == section_id, Disclosure.withdrawn_at.is_(None))\n        .values(withdrawn_at=now)", "Disclosure.section_id == section_id, Disclosure.withdrawn_at.is_(None))\n        .values(withdrawn_at=None)"),
    Mutant("input taken back is read by tasks", SOURCES, "values(source_refused=True)", "values(source_refused=False)"),
    Mutant("a yes until a day lasts for ever", CONDITIONS, "        or_(given.source_until_at.is_(None), given.source_until_at > now),\n", ""),
    Mutant("a no of the source is no matter", CONDITIONS, "and_(given.source_refused.is_(False), or_(unasked, said_yes(given, now)))", "or_(unasked, given.source_decided_at.is_not(None))"),
    Mutant("who is to be asked is not asked", CONDITIONS, "        or_(section.asks_from.is_(None), given_at < section.asks_from),\n", ""),
    Mutant("whoever steps back stays", STEPPING, "    session.add(Recusal(person_id=actor.person_id, case_id=case_id, at=now))\n", ""),
)  # fmt: skip


def _is_noticed(mutant: Mutant) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "casustafel"
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
        file = copy / mutant.file
        text = file.read_text()
        if mutant.stands not in text:
            sys.exit(f"{mutant.name}: what it would change stands no longer in {mutant.file}")
        file.write_text(text.replace(mutant.stands, mutant.planted, 1))
        return not _is_green(copy, Path(folder) / "pytest")


def _is_green(where: Path, scratch: Path) -> bool:
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider"]
    command += ["--basetemp", str(scratch), "tests/model", "--histories", str(HISTORIES)]
    ended = subprocess.run(command, cwd=where, capture_output=True, check=False)
    if ended.returncode not in (0, 1):
        sys.exit(ended.stdout.decode() + ended.stderr.decode())
    return ended.returncode == 0


def main() -> None:
    """Plant every fault, or those whose name holds the words given."""
    wanted = [one for one in MUTANTS if " ".join(sys.argv[1:]) in one.name]
    with tempfile.TemporaryDirectory() as folder:
        if not _is_green(ROOT, Path(folder) / "pytest"):
            sys.exit("tests/model is red without any fault planted")
    with ThreadPoolExecutor(2) as two:
        noticed = list(two.map(_is_noticed, wanted))
    for mutant, found in zip(wanted, noticed, strict=True):
        print(f"{'noticed  ' if found else 'UNNOTICED'}  {mutant.name}")
    sys.exit(not all(noticed))


if __name__ == "__main__":
    main()
