"""Reads the source as a syntax tree and says which lines break the way the house is built.

The tables below ARE the architecture: changing a rule means changing a row here, in plain sight.
It must never import the application: a broken house has to be readable too.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BELOW_WEB = {"access", "models", "infra", "domain", "config"}

# Which floor may import from which. A floor not named on the right is out of reach.
ALLOWED: dict[str, set[str]] = {
    "wsgi": {"assembly", "config"},
    "assembly": {"cli", "features", "web", *BELOW_WEB},
    "cli": {"features", "web", *BELOW_WEB},
    "features": {"web", *BELOW_WEB},
    "web": BELOW_WEB,
    "access": {"models", "infra", "domain", "config"},
    "models": {"infra", "domain", "config"},
    "infra": {"domain", "config"},
    "domain": set(),
    "config": set(),
}

# Inside a feature: the files that may reach the web floor and Flask; a long views.py becomes one
# file per journey, such as sign_in_views.py.
WEB_ROOMS = ("blueprint.py", "views.py", "forms.py", "commands.py")

FLASK = {
    "flask", "flask_babel", "flask_login", "flask_migrate", "flask_sqlalchemy", "flask_wtf",
    "werkzeug", "wtforms",
}  # fmt: skip

# Libraries with one door (icalendar: two to write, one to read); nothing else may import them.
ONE_DOOR: dict[str, tuple[str, ...]] = {
    "bleach": ("app/infra/html.py",),
    "cryptography": ("app/infra/crypto.py", "app/infra/log_keys.py"),
    "flask_sqlalchemy": ("app/infra/db.py",),
    "icalendar": ("app/infra/ics.py", "app/infra/ics_feed.py", "app/infra/itip_object.py"),
    "imapclient": ("app/infra/imap.py",),
    "typst": ("app/infra/pdf.py",),
}

# The one file where each of these calls may be written, and what to use everywhere else.
ONE_CALLER: dict[str, tuple[str, str]] = {
    ".commit": ("app/infra/db.py", "use `with transaction() as session:`"),
    "datetime.now": ("app/infra/clock.py", "use app.infra.clock.now()"),
    "datetime.utcnow": ("app/infra/clock.py", "use app.infra.clock.now()"),
    "date.today": ("app/infra/clock.py", "use app.infra.clock.today()"),
    "time.time": ("app/infra/clock.py", "use app.infra.clock.now()"),
}

DRAWERS = {"utils.py", "util.py", "helpers.py", "misc.py", "common.py"}


@dataclass(frozen=True, slots=True)
class Source:
    """One file of the house: its place, the floor it stands on and its tree."""

    path: str
    tree: ast.Module

    @property
    def floor(self) -> str:
        parts = self.path.split("/")
        if parts[0] != "app":
            return parts[0].removesuffix(".py")
        if len(parts) == 2:
            return "assembly" if parts[1] == "__init__.py" else parts[1].removesuffix(".py")
        return parts[1]

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[-1]

    @property
    def is_web_room(self) -> bool:
        return self.name in WEB_ROOMS or self.name.endswith("_views.py")

    @property
    def feature(self) -> str | None:
        parts = self.path.split("/")
        return parts[2] if self.floor == "features" and len(parts) > 3 else None


def sources(root: Path) -> list[Source]:
    files = [*sorted((root / "app").rglob("*.py")), root / "config.py", root / "wsgi.py"]
    return [
        Source(file.relative_to(root).as_posix(), ast.parse(file.read_text(encoding="utf-8")))
        for file in files
        if file.is_file()
    ]


def protected_models(root: Path) -> set[str]:
    """The names listed in PROTECTED of app/models/__init__.py."""
    tree = ast.parse((root / "app/models/__init__.py").read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "PROTECTED":
            return {ast.unparse(name) for name in node.value.elts}
    return set()


def imports(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    """Line, module, and the dotted name meant (module plus imported name)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name, alias.name
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            for alias in node.names:
                yield node.lineno, module, f"{module}.{alias.name}"


def floor_of(dotted: str) -> str | None:
    """The floor a dotted name stands on; None for a library."""
    parts = dotted.split(".")
    if parts[0] in {"config", "wsgi"}:
        return parts[0]
    if parts[0] != "app":
        return None
    return parts[1] if len(parts) > 1 and parts[1] in ALLOWED else "assembly"


def import_rule(house: list[Source]) -> Iterator[str]:
    for source in house:
        allowed = ALLOWED.get(source.floor)
        if allowed is None:
            yield (
                f"{source.path}: stands on no floor of the house; move it to one of app/"
                f"{{{', '.join(sorted(ALLOWED))}}}"
            )
            continue
        for line, module, dotted in imports(source.tree):
            where = f"{source.path}:{line}"
            if module.startswith("."):
                yield f"{where}: relative import; write it from `app.` down"
                continue
            target = floor_of(dotted)
            if target is None or target == source.floor:
                continue
            if target not in allowed:
                yield (
                    f"{where}: {source.floor} may not import {dotted} ({target}); imports run "
                    f"wsgi -> app -> cli, features -> web -> access -> models -> infra -> domain"
                )


def core_rule(house: list[Source]) -> Iterator[str]:
    """What lies in app/access itself is the rule; its rooms use the rule, never the other way."""
    for source in house:
        if source.floor != "access" or source.path.count("/") != 2:
            continue
        for line, module, dotted in imports(source.tree):
            room = next((room for room in _rooms(house) if dotted.startswith(f"{room}.")), None)
            if room:
                yield f"{source.path}:{line}: the rule imports {module}; only what lies in {room} may"


def _rooms(house: list[Source]) -> set[str]:
    parts = (source.path.split("/") for source in house if source.floor == "access")
    return {".".join(path[:3]) for path in parts if len(path) > 3}


def feature_rule(house: list[Source]) -> Iterator[str]:
    for source in house:
        if source.feature is None:
            continue
        for line, _module, dotted in imports(source.tree):
            where = f"{source.path}:{line}"
            parts = dotted.split(".")
            if parts[:2] == ["app", "features"] and parts[2:3] != [source.feature]:
                yield (
                    f"{where}: feature {source.feature} imports {dotted}; read through app.access "
                    f"and app.models, react through the outbox"
                )
            if parts[:2] == ["app", "web"] and not source.name.endswith(WEB_ROOMS):
                yield f"{where}: {source.name} reaches the web floor; do that in views.py"


def flask_rule(house: list[Source]) -> Iterator[str]:
    for source in house:
        on_top = source.floor in {"wsgi", "assembly", "cli", "web"}
        if on_top or (source.feature and source.name.endswith(WEB_ROOMS)):
            continue
        for line, module, _dotted in imports(source.tree):
            package = module.split(".")[0]
            if package in FLASK and source.path not in ONE_DOOR.get(package, ()):
                yield (
                    f"{source.path}:{line}: imports {package}; Flask lives in views.py, forms.py, "
                    f"app/web, app/cli and app/__init__.py: pass plain values down"
                )


def one_door_rule(house: list[Source]) -> Iterator[str]:
    for source in house:
        for line, module, _dotted in imports(source.tree):
            doors = ONE_DOOR.get(module.split(".")[0], ())
            if doors and source.path not in doors:
                yield (
                    f"{source.path}:{line}: imports {module}; only {' and '.join(doors)} may: "
                    f"call that instead"
                )


def one_caller_rule(house: list[Source]) -> Iterator[str]:
    for source in house:
        for node in ast.walk(source.tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            owner = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
            for call in (f".{node.func.attr}", f"{owner}.{node.func.attr}"):
                if call in ONE_CALLER and source.path != ONE_CALLER[call][0]:
                    door, instead = ONE_CALLER[call]
                    yield f"{source.path}:{node.lineno}: {call}( stands only in {door}; {instead}"


def drawer_rule(house: list[Source]) -> Iterator[str]:
    for source in house:
        if source.name in DRAWERS:
            yield f"{source.path}: a drawer without a name; call it after what it is for"


def protected_rule(house: list[Source], protected: set[str]) -> Iterator[str]:
    """Features get protected objects from app.access, never by asking the database themselves."""
    for source in house:
        if source.floor not in {"features", "web", "cli"}:
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and _asks_database(node.func):
                for name in sorted(_names(node) & protected):
                    yield (
                        f"{source.path}:{node.lineno}: asks the database for {name} itself; use "
                        f"access.load_* for one object, access.scopes.visible_* for a list"
                    )


def _asks_database(function: ast.expr) -> bool:
    if isinstance(function, ast.Name):
        return function.id in {"select", "exists", "aliased"}
    return isinstance(function, ast.Attribute) and function.attr in {
        "select", "select_from", "query", "get", "get_one", "exists", "aliased",
    }  # fmt: skip


def _names(call: ast.Call) -> set[str]:
    """Names handed to the call as themselves, or by one of their attributes (Section.id)."""
    found = set()
    for argument in [*call.args, *(keyword.value for keyword in call.keywords)]:
        inner = argument
        while isinstance(inner, ast.Attribute):
            inner = inner.value
        if isinstance(inner, ast.Name):
            found.add(inner.id)
    return found


def violations(root: Path, protected: set[str]) -> list[str]:
    house = sources(root)
    rules = (
        import_rule, core_rule, feature_rule, flask_rule, one_door_rule, one_caller_rule, drawer_rule,
    )  # fmt: skip
    found = [line for rule in rules for line in rule(house)]
    return found + list(protected_rule(house, protected))
