"""What the letters of the tables of who sees what stand for: words of the world of the canaries."""

from tests.access.table import ACTORS
from tests.canaries import DISCLOSED, REFERENCES, name_word

OWN_ACTION = {
    "seat holder": "holder", "deputy": "deputy", "action owner": "owner",
    "told action owner": "told",
}  # fmt: skip
ACTIONS_OF_ORGANISATION = {
    "seat holder": ("holder", "deputy"), "deputy": ("holder", "deputy"), "not disclosed": ("owner", "told"),
}  # fmt: skip
SECTIONS = {"reason", "safety", "children", "health", "input"}
SECOND = {"secondquestion", "secondreason", "secondchildren"}
KNOWN_TO_STAFF = {"question", "reason", "children", "input"}
# Of whoever is called: the name of a desk and its telephone number, for staff.
DESK = {"desk", "deskphone"}
LEFT_BEHIND = {
    "decision", "decisiondissent", "otherdecision", "otherdecisiondissent", "note", "staffnote",
    "minuted", "correction",
    *(kind + name for kind in ("safe", "full") for name in OWN_ACTION.values()),
}  # fmt: skip
NAMES = {name_word(actor) for actor in (*DISCLOSED, "chair", "coordinator", "former holder")}
EVERY_NAME = {name_word(actor) for actor in ACTORS}
# Who may have opened what the own organisation brought; never whom only staff know of.
READERS = (NAMES - {name_word("staff only")}) | {
    name_word(one) for one in ("privacy officer", "reviewer", "emergency reader", "receiving team")
}
# Whom a lead works with or may ask to lead next; never whom only staff know of, nor whom it bars, nor
# whoever left the organisation that came.
OF_LEAD = EVERY_NAME - {
    name_word(one)
    for one in (
        "staff only",
        "excluded",
        "recused",
        "excluded coordinator",
        "blocked",
        "left",
        "moved",
    )
}
PARTICIPANTS = NAMES - {name_word("staff only"), name_word("former holder")}
# Whom a seat may be handed to: colleagues, but never one who is kept out of the case.
COLLEAGUES = (
    {
        "seat holder",
        "deputy",
        "former holder",
        "former holder, no role",
        "colleague",
        "standing deputy",
        "representative",
        "told on the ladder",
    },
    {"not disclosed", "action owner", "told action owner", "emergency reader"},
    {"seated elsewhere", "asked for input", "moved", "unanswered", "moved referrer"},
)
# What a referral leaves with its referrer and with staff, beside the case it made.
# Everybody with an account at the organisation of the source: its contact answers for them.
AT_SOURCE = (
    "blocked", "colleague", "deputy", "excluded", "former holder", "former holder, no role",
    "partner fg", "recused", "representative", "seat holder", "standing deputy",
)  # fmt: skip
OF_REFERRAL = ("asked", "answer", "outcome", "late")
FACT = {"factwhat", "factsource", "factanswer"}
SCREENED = {"screenref", "screeningquestion", "screeningnumber"}


def of_referral(name: str) -> set[str]:
    """The words of one referral."""
    return {f"{name}{part}" for part in OF_REFERRAL}


def meaning(code: str, actor: str, clock: str) -> tuple[set[str], set[str]]:
    """The words a code obliges to show, and those it allows beside them."""
    own = OWN_ACTION.get(actor, "")
    discussed = LEFT_BEHIND if clock in "DE" else set()
    if clock == "E":
        discussed = discussed | {"answer", "addition"}
    colleagues = {name_word(one) for group in COLLEAGUES if actor in group for one in group}
    remarks = {f"remark{name}" for name in OWN_ACTION.values()}
    # What was written beside an answer by mail is for the coordinator alone.
    reply = {"reply"} if actor == "coordinator" else set()
    # What stands on paper is for who asked for the print.
    printed = {"printed"} if actor == "chair" else set()
    # And a copy of actions for who asked for that.
    copied = {"copied"} if actor == "coordinator" else set()
    between = {*of_referral("referral"), *FACT, "handoveranswer", "notinformed"}
    main = {
        "question",
        *between,
        *SECTIONS,
        "label",
        "ref",
        "imported",
        "slot",
        *reply,
        *discussed,
        "beforesafe",
        "beforefull",
    }
    # Of collapsed notes a visitor opens only so many; once adopted there is no other page of them.
    opened = main - ({"staffnote"} if clock == "E" else set())
    second = SECOND | of_referral("secondreferral")
    everything = main | second | remarks | EVERY_NAME | {
        "secondref", "relation", "proposed", "exclusion", "emergency", "taskreason", "leadreason",
        "pushed", *printed, *copied, *DESK,
    }  # fmt: skip
    return {
        "s": ({"slot"}, colleagues),
        "q": ({"question"}, {"ref", "label", "relation"}),
        "d": ({"reason", "safety"}, {"ref"}),
        "p": (
            {name_word("not disclosed" if actor != "not disclosed" else "seat holder")},
            PARTICIPANTS,
        ),
        "i": ({"input"}, {"ref", *READERS}),
        "n": ({"decision"}, {"decisiondissent", "ref"}),
        "N": ({"note"}, set()),
        "C": ({"correction", *(("answer",) if clock == "E" else ())}, {"ref"}),
        "A": ({"addition"}, set()),
        "w": ({"minuted"}, {"ref"}),
        "Z": ({"secondquestion"}, {"secondref"}),
        "o": ({"otherdecision"}, {"otherdecisiondissent"}),
        "f": (
            {f"safe{own}"} if own else {f"safe{name}" for name in OWN_ACTION.values()},
            {f"remark{own}", "ref"},
        ),
        "F": ({f"full{own}"}, set()),
        "v": ({"beforesafe"}, set()),
        "P": ({"beforefull"}, {"beforesafe"}),
        "O": ({"safeholder", name_word("seat holder")}, set()),
        "a": ({f"full{own}" for own in ACTIONS_OF_ORGANISATION.get(actor, ())}, set()),
        "g": (LEFT_BEHIND | remarks, set()),
        "e": ({"secondquestion", "secondreason"}, {"secondref"}),
        "c": (set(), colleagues),
        "*": (opened | SECOND | {"secondref", *DESK}, everything),
        "x": (SECOND | {"secondref", "slot"}, {*EVERY_NAME, *DESK, *second}),
        "z": (
            {"foreignquestion", "foreignreason", "foreignref"},
            EVERY_NAME | of_referral("foreignreferral"),
        ),
        "m": ({name_word("seat holder"), name_word("colleague")}, EVERY_NAME),
        "r": ({"ref"}, {"imported"} if actor in {"chair", "coordinator"} else set()),
        "2": ({"secondref"}, {"slot"} if actor == "excluded coordinator" else set()),
        "3": (set(), {"foreignref"}),
        "4": ({"screenref"}, {"screeningnumber"}),
        "u": (
            {"draft", *of_referral("referral")} - {"referrallate"},
            {"referrallate", *(name_word(one) for one in ("excluded referrer", "team member"))},
        ),
        "B": (SCREENED, EVERY_NAME),
        "T": ({"teamreason"}, {"screenref", name_word("screening coordinator")}),
        "W": (FACT, {"ref"}),
        "b": ({"secondref"}, {name_word("coordinator")}),
        "y": ({"slot"}, {name_word("coordinator")}),
        "k": ({"taskreason"}, {name_word("coordinator")}),
        "K": ({"children", "question"}, {"ref"}),
        "G": ({"reason", "question"}, {"ref"}),
        "S": ({"reason", "safety"}, {"ref"}),
        "H": ({"reason", "input", "question"}, {"ref"}),
        "R": ({"input"}, set()),
        "E": ({"reason", "safety", "children", "health", "input"}, {"ref"}),
        "Q": (KNOWN_TO_STAFF, {"ref", "secondref", "slot"}),
        "U": (KNOWN_TO_STAFF, everything),
        "V": (
            {"question", "reason", "safety", "input"},
            {
                "ref",
                "slot",
                "secondquestion",
                "secondreason",
                "secondref",
                "beforesafe",
                *discussed,
                *EVERY_NAME,
            },
        ),
        "h": (
            {"ref"},
            {
                "slot",  # an action leads to the meeting it was agreed at, by its day
                "emergency",
                "secondref",
                "beforesafe",
                "beforefull",
                *discussed,
                *remarks,
                *EVERY_NAME,
            },
        ),
        "j": (set(), {"ref", "secondref", *READERS, *map(name_word, COLLEAGUES[0])}),
        "l": ({"leadreason", "notinformed"}, {"ref", *OF_LEAD}),
        "D": (set(), {"ref", *OF_LEAD}),
        "L": ({f"full{name}" for name in OWN_ACTION.values()}, set()),
        "t": (set(), {"emergency", *REFERENCES}),
        "M": (set(map(name_word, AT_SOURCE)), set()),
        "-": (set(), set()),
    }[code]


def expected(cell: str, actor: str, clock: str) -> tuple[set[str], set[str]]:
    """What has to be seen in a cell, and what may be seen at most."""
    must: set[str] = set()
    may = {name_word(actor)}
    optional = False
    for code in cell:
        if code in "()":
            optional = code == "("
            continue
        wanted, allowed = meaning(code, actor, clock)
        must |= set() if optional else wanted
        may |= wanted | allowed
    return must, may
