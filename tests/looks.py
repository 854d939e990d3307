"""The pages that are looked at in a browser: each address, who opens it and when in a meeting's life.

A new page is one line here; tests/guards/test_looks.py fails as long as it stands nowhere.
"""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Look:
    """One page in one state.

    ``at`` is the moment (tests/scenes.py), ``who`` somebody of that scene; ``{name}`` in the address
    is the id of a thing of it. With ``fill`` the page's form is sent with these values in it and
    everything else left empty, and ``status`` is the answer to that.
    """

    at: str
    who: str
    address: str
    status: int = 200
    fill: Mapping[str, str] | None = None

    def path(self, things: Mapping[str, object]) -> str:
        """The address with the ids of a scene in it."""
        return PLACE.sub(lambda found: str(things[found[1]]), self.address)

    def sample(self) -> str:
        """The address with any id in it, to find the rule that answers it."""
        return PLACE.sub(lambda found: SAMPLES.get(found[1], str(uuid.UUID(int=1))), self.address)


# What is not named by an id.
SAMPLES = {
    "token": "x" * 43,
    "recovery_token": "x" * 43,
    "mail": "20260601T080000000000Z-0123456789abcdef.eml",
}


@dataclass(frozen=True, slots=True)
class Visit:
    """What one person looks at, at one moment."""

    at: str
    who: str
    pages: tuple[Look, ...] = field(default=())


def pages(at: str, who: str, *addresses: str) -> Visit:
    """Pages that simply answer."""
    return Visit(at, who, tuple(Look(at, who, address) for address in addresses))


def refused(at: str, who: str, *addresses: str) -> Visit:
    """Forms sent empty."""
    return Visit(at, who, tuple(Look(at, who, address, 422, {}) for address in addresses))


def stale(at: str, who: str, *forms: tuple[str, Mapping[str, str]]) -> Visit:
    """Forms somebody else was first with: these values, and a version that is gone."""
    made = (Look(at, who, address, 409, {**fill, "version": "0"}) for address, fill in forms)
    return Visit(at, who, tuple(made))


MEETING = "/meetings/{meeting}"
DRAFT, REFERRAL = "/referrals/{draft}", "/referrals/{own_referral}"
CASE = "/cases/{case}"
TABLE = "/admin/tables/{table}"
PERSON = "/admin/people/{police}"
ASKED = "/access-requests/{access_request}"

VISITS = (
    pages(
        "draft", "nobody", "/sign-in", "/sign-in/organisation", "/welcome/{token}", "/projection",
        "/sign-in/recovery", "/sign-in/recovery/{recovery_token}",
    ),
    pages("draft", "half way", "/sign-in/code", "/sign-in/code?recovery=1"),
    pages("draft", "enrolling", "/sign-in/enrol"),
    pages(
        "draft", "coordinator",
        "/", MEETING, f"{MEETING}/publish", f"{MEETING}/times", f"{MEETING}/items/new",
        f"{MEETING}/items/fixed", f"{MEETING}/invitations", f"{MEETING}/cancel",
        f"{MEETING}/order", "/items/{item}/edit", "/items/{item}/standard", f"{MEETING}/chair",
    ),
    pages("draft", "police", "/", "/my-meetings/{meeting}"),
    pages("unaccepted", "police", "/my-meetings/{meeting}"),
    pages(
        "asking", "police",
        "/my-meetings/{meeting}", "/my-seats/{police_seat}/acquaintances", "/my-input/{asked}",
    ),
    pages("demo", "nobody", "/sign-in"),
    pages("demo", "police", "/demo/mail", "/demo/mail/{mail}"),
    pages(
        "open", "coordinator",
        f"{MEETING}/deadlines", "/", "/meetings", "/meetings?when=past", "/meetings/new", MEETING,
        f"{MEETING}/participants", f"{MEETING}/invitations", f"{MEETING}/input",
        "/items/{item}/seats", "/items/{item}/seats/{school}", "/seats/{police_seat}/plan",
        "/seats/{police_seat}/preview", "/seats/{police_seat}/by-telephone",
        "/seats/{police_seat}/deputy", "/items/{item}/guests/new",
        "/requests/{asked}/by-telephone", f"{MEETING}/messages", "/replies", "/replies/{reply}",
        "/stopped-messages", f"{MEETING}/matrix", f"{MEETING}/matrix?changed=1",
        "/items/{item}/matrix?from=standard",
    ),
    pages(
        "draft", "chair",
        "/series", "/series/new", "/series/{series}", "/series/{series}/change",
        "/series/{series}/end", "/tables/{table}/closures",
        "/tables/{table}/closures/{closure}/meetings",
    ),
    refused("draft", "chair", "/series/new", "/tables/{table}/closures"),
    pages(
        "open", "chair",
        "/", "/cases", CASE, "/cases/new", f"{CASE}/exclusions/new",
        f"{CASE}/persons/new", f"{CASE}/persons/{{concerned}}", f"{CASE}/question",
        f"{CASE}/sections/new", f"{CASE}/sections/{{section}}", "/imports/cases", "/changes",
    ),
    pages(
        "open", "police",
        "/", "/my-meetings", "/my-meetings/{meeting}", "/my-seats/{police_seat}/deputy",
        "/my-seats/{police_seat}/recuse", "/my-input/{asked}", "/my-input/{said}/said",
        "/my-input", "/my-input/texts/{input}", "/my-disclosures", "/my-shares", "/my-actions",
        "/my-actions/{action}", "/my-actions/{action}/more-time", "/my-actions/{action}/hand-over",
        "/sessions", "/subscription", "/subscription/about", "/password", "/recovery-codes", "/keys",
        "/passkeys", "/step-up",
    ),
    pages(
        "open", "administrator",
        "/", "/admin/organisations", "/admin/organisations/new", "/admin/organisations/{host}", "/admin/organisations/{police_organisation}/end",
        "/admin/people", "/admin/people/new", PERSON, f"{PERSON}/edit", f"{PERSON}/email",
        f"{PERSON}/move", f"{PERSON}/leave", f"{PERSON}/block",
        "/admin/people/invite-again?person={police}", "/admin/people/block?person={police}", "/imports/partners", "/admin/messages",
    ),
    pages(
        "draft", "administrator",
        "/admin/tables", "/admin/tables/new", TABLE, f"{TABLE}/edit", f"{TABLE}/roles/new",
        f"{TABLE}/roles/new?organisation={{school}}", f"{TABLE}/roles/{{role}}/last-day",
        f"{TABLE}/covenants", f"{TABLE}/covenants/new", f"{TABLE}/covenants/{{covenant}}",
        f"{TABLE}/sections", f"{TABLE}/sections/new", f"{TABLE}/sections/{{type}}",
        f"{TABLE}/standards", f"{TABLE}/standards/new", f"{TABLE}/standards/{{standard}}",
        "/admin/configuration", "/admin/installation", "/admin/rooms", "/admin/rooms/new", "/admin/rooms/{room}",
        "/admin/providers", "/admin/providers/new", "/admin/providers/{provider}",
        "/admin/kinds", "/admin/kinds/new", "/admin/kinds/safety-house", "/admin/tables/new?kind=zsm",
        "/admin/kinds/mda/change/clocks",
        "/admin/kinds/mda/change/disclosures",
    ),
    stale("draft", "administrator", ("/admin/kinds/mda/change/criteria", {"from_on": "1-6-2026"})),
    pages(
        "open", "officer",
        "/", "/emergency", "/emergency/{reading}", "/emergency/readings", "/readers",
        f"{CASE}/readers", f"{CASE}/why?person={{police}}",
    ),
    pages(
        "open", "chair",
        "/emergency/readings/{reading}", "/readers", f"{CASE}/readers", f"{CASE}/why",
    ),
    pages("open", "police", "/my-readers"),
    refused("open", "officer", "/emergency"),
    refused("open", "chair", "/emergency/readings/{reading}"),
    pages("draft", "officer", "/", "/changes", "/access-log", "/unseen-messages", "/retention"),
    refused("draft", "officer", "/access-log"),
    pages(
        "draft", "chair",
        "/retention", "/retention/{run}", "/retention/{done_run}", f"{CASE}/retention",
        "/cases/{old_case}/retention",
    ),
    pages("draft", "administrator", "/admin/retention", f"{TABLE}/terms"),
    pages(
        "draft", "chair",
        "/access-requests", "/access-requests/new", ASKED, f"{ASKED}/texts/{{part}}",
        "/access-requests/{answered}",
    ),
    pages("draft", "officer", "/access-requests", "/access-requests/{reviewed}/review"),
    pages("draft", "police", "/my-views/{view}"),
    refused("draft", "chair", "/access-requests/new"),
    refused("draft", "officer", "/access-requests/{reviewed}/review"),
    refused("draft", "police", "/my-views/{view}"),
    refused("draft", "chair", f"{CASE}/retention"),
    refused("draft", "administrator", f"{TABLE}/terms"),
    pages(
        "during", "chair",
        f"{MEETING}/projection", "/decisions/{decision}/push", "/actions/{action}/push",
        f"{MEETING}/live", f"{MEETING}/live?item={{item}}&note={{note}}",
        "/bystanders/{bystander}/admit", "/items/{second_item}/finished", "/items/{second_item}/leavers",
        "/notes/{note}/edit", "/items/{item}/actions/{carried}/show",
    ),
    pages("during", "police", "/my-meetings/{meeting}/live"),
    pages("open", "chair", f"{MEETING}/opening", f"{MEETING}/chair"),
    pages("during", "chair", f"{MEETING}/opening", f"{MEETING}/close"),
    refused("open", "chair", f"{MEETING}/chair"),
    pages(
        "closed", "chair",
        "/", f"{MEETING}/minutes", f"{MEETING}/minutes/{{police_seat}}", "/decisions/{decision}/edit",
        "/actions/{action}/words", "/actions", f"{CASE}/close",
    ),
    pages(
        "closed", "coordinator",
        "/actions/{action}", "/actions/{action}/state", "/actions/{action}/change",
        "/actions/{action}/lapse", "/actions/{action}/disclosure", "/actions/reminders",
        "/actions/columns", "/actions/calendar", "/actions/late", "/actions?all=1&overdue=y",
        "/actions/{asked_action}/more-time", "/actions/terms?action={action}",
        "/actions/holders?action={action}",
    ),
    refused(
        "closed", "coordinator",
        "/actions/{asked_action}/more-time", "/actions/terms?action={action}",
        "/actions/holders?action={action}",
    ),
    pages("closed", "police", "/", "/my-meetings/{meeting}", "/my-meetings/{meeting}/extract"),
    pages(
        "correcting", "police",
        "/my-meetings/{meeting}/extract", "/my-meetings/{meeting}/extract/{item}/correction",
    ),
    pages("correcting", "chair", f"{MEETING}/minutes", "/corrections/{correction}"),
    pages("ended", "chair", f"{MEETING}/minutes/adopt"),
    pages("closed", "chair", "/items/{item}/minutes/additions"),
    refused("correcting", "police", "/my-meetings/{meeting}/extract/{item}/correction"),
    refused("correcting", "chair", "/corrections/{correction}"),
    refused("closed", "chair", "/items/{item}/minutes/additions"),
    pages(
        "closed", "coordinator",
        "/exports/actions", "/exports/{copy}", "/exports/{no_copy}",
        "/ledger", "/ledger/{police_organisation}",
    ),
    pages("closed", "police", "/exports/my-actions", "/exports/{own_copy}", "/ledger"),
    refused("closed", "coordinator", "/exports/actions"),
    refused("closed", "police", "/exports/my-actions"),
    pages("closed", "chair", f"{MEETING}/papers", "/print-runs/{print_run}"),
    pages("open", "chair", f"{MEETING}/papers"),
    refused("open", "chair", f"{MEETING}/papers"),
    pages("open", "holder", "/", "/tasks/{task}", "/tasks/{asking_task}", "/tasks/{lead}"),
    pages("open", "holder", "/tasks/{minuted}"),
    pages("during", "holder", "/tasks/{minuted}/minutes"),
    pages("draft", "holder", "/", "/tasks/{coming_task}"),
    pages("open", "stranger", "/tasks/{offered}", "/handovers/{offered}/refuse"),
    refused("open", "stranger", "/handovers/{offered}/refuse"),
    pages("open", "coordinator", f"{CASE}/tasks/new", f"{CASE}/handover", "/handovers"),
    refused("open", "coordinator", f"{CASE}/handover"),
    pages("open", "stranger", "/screening/{screening_table}/{zsm_day}", "/handovers"),
    refused("open", "stranger", "/screening/{screening_table}/{zsm_day}"),
    pages(
        "open", "coordinator",
        "/triage", "/triage/{own_referral}", "/triage/{own_referral}/accept",
        "/triage/{own_referral}/ask", "/triage/{own_referral}/decline",
        "/triage/{own_referral}/join",
    ),
    refused(
        "open", "coordinator",
        "/triage/{own_referral}/ask", "/triage/{own_referral}/decline",
        "/triage/{own_referral}/join",
    ),
    pages("open", "coordinator", "/takeovers", "/takeovers/{gone}"),
    refused("open", "coordinator", "/takeovers/{gone}"),
    pages("open", "holder", "/acute"),
    refused("open", "holder", "/acute"),
    pages("open", "coordinator", "/urgent", f"{MEETING}/calls", "/tables/{table}/contacts"),
    refused("open", "coordinator", "/urgent", "/tables/{table}/contacts"),
    pages(
        "open", "chair",
        f"{CASE}/plan", f"{CASE}/plan/phase", f"{CASE}/plan/review", f"{CASE}/plan/texts/{{plan_type}}",
    ),
    pages("open", "holder", "/tasks/{lead}/plan"),
    refused("open", "chair", f"{CASE}/plan/review", f"{CASE}/plan/texts/{{plan_type}}"),
    pages(
        "open", "chair",
        "/cases/{order_case}/exclusion-order", "/exclusion-orders/new", "/tables/{table}/standing", "/reviews",
    ),
    refused("open", "chair", "/exclusion-orders/new"),
    pages(
        "open", "coordinator",
        "/tables/{table}/measurements", "/tables/{table}/measurements/baseline",
        "/tables/{table}/measurements/second/questions",
    ),
    refused("open", "coordinator", "/tables/{table}/measurements/second/questions", "/reports/copy"),
    pages("open", "coordinator", "/reports/copy", "/reports/measurements"),
    pages("open", "police", "/surveys", "/surveys/{survey}"),
    pages(
        "closed", "coordinator",
        "/chasing", "/chasing/{table}", "/actions/{action}/pause", "/actions/{asked_action}",
    ),
    refused("closed", "coordinator", "/chasing/{table}", "/actions/{action}/pause"),
    pages("closed", "police", "/organisation-actions"),
    pages("open", "police", "/colleagues", "/colleagues/{colleague}", "/colleagues/{colleague}/leaves"),
    pages("open", "officer", "/oversight/confirmed-people"),
    pages("open", "administrator", "/admin/history", "/admin/closed-days"),
    refused("open", "administrator", "/admin/closed-days"),
    pages("open", "administrator", "/admin/organisations/{police_organisation}/contacts"),
    refused("open", "administrator", "/admin/organisations/{police_organisation}/contacts"),
    refused("open", "police", "/surveys/{survey}"),
    pages("open", "stranger", "/meetings", "/zsm/{zsm_table}/{zsm_day}", "/zsm/lines/{zsm_line}"),
    refused("open", "stranger", "/zsm/{zsm_table}/{zsm_day}"),
    pages("closed", "chair", f"{CASE}/interventions", "/items/{item}/outcome"),
    pages(
        "open", "holder",
        "/referrals", "/referrals/new", f"{DRAFT}/table", f"{DRAFT}/matter", f"{DRAFT}/criteria",
        f"{DRAFT}/household", f"{DRAFT}/check", REFERRAL, f"{REFERRAL}/withdraw",
        f"{REFERRAL}/hand-on",
    ),
    refused("open", "holder", REFERRAL, f"{REFERRAL}/withdraw", f"{REFERRAL}/hand-on"),
    stale("open", "holder", (f"{DRAFT}/criteria", {})),
    pages(
        "closed", "coordinator",
        f"{CASE}/line", f"{CASE}/bringing", f"{CASE}/household", f"{CASE}/household/people", "/reports",
    ),
    pages("open", "holder", f"{CASE}/line", "/led-cases", "/led-cases/{lead}/successor"),
    pages("open", "police", f"{CASE}/line", "/bringing/{transfer}"),
    refused("open", "holder", "/led-cases/{lead}/successor"),
    refused("open", "coordinator", f"{CASE}/bringing", f"{CASE}/household", f"{CASE}/household/people"),
    pages(
        "open", "chair",
        "/facts", "/facts/{fact}", f"{CASE}/facts", "/informing", f"{CASE}/informing",
        f"{CASE}/informing/{{concerned}}", "/input-waiting", "/items/{item}/family",
    ),
    pages("open", "police", "/my-facts", "/my-facts/seat/{police_seat}"),
    pages("open", "holder", "/tasks/{lead}/informing"),
    refused("open", "chair", "/facts/{fact}", f"{CASE}/informing/{{concerned}}"),
    refused("open", "chair", "/items/{item}/family"),
    refused("open", "police", "/my-facts/seat/{police_seat}"),
    # --- Forms that come back -----------------------------------------------------------------
    refused("draft", "nobody", "/sign-in", "/welcome/{token}", "/projection"),
    refused("draft", "nobody", "/sign-in/recovery", "/sign-in/recovery/{recovery_token}"),
    refused("draft", "half way", "/sign-in/code"),
    refused("draft", "enrolling", "/sign-in/enrol"),
    refused(
        "open", "coordinator",
        "/meetings/new", f"{MEETING}/items/new", "/cases/new", f"{CASE}/persons/new",
        f"{CASE}/sections/new",
    ),
    refused("open", "police", "/my-input/{asked}", "/my-seats/{police_seat}/deputy", "/password"),
    refused("open", "coordinator", f"{MEETING}/deadlines"),
    refused("open", "chair", f"{CASE}/exclusions/new", f"{CASE}/tasks/new"),
    refused("during", "chair", f"{MEETING}/live?item={{item}}"),
    refused(
        "open", "administrator",
        "/admin/organisations/new", "/admin/people/new", "/admin/tables/new", "/admin/kinds/new",
        f"{TABLE}/covenants/new", f"{TABLE}/sections/new", "/imports/partners", "/admin/rooms/new", "/admin/providers/new",
    ),
    stale(
        "open", "coordinator",
        (f"{CASE}/question", {"question": "Een andere vraag"}),
        (f"{CASE}/sections/{{section}}", {"text": "Een andere tekst"}),
    ),
    stale("draft", "coordinator", (f"{MEETING}/order", {})),
    stale("during", "chair", ("/notes/{note}/edit", {"text": "Een andere tekst"})),
    stale("open", "administrator", ("/admin/organisations/{host}", {"name": "Gemeente", "code": "GEM"})),
    stale("open", "police", ("/my-input/texts/{input}", {"text": "Een andere tekst"})),
)  # fmt: skip

LOOKS = tuple(look for visit in VISITS for look in visit.pages)

# Answers GET with a page, and is looked at otherwise.
ELSEWHERE: dict[str, str] = {
    "projection.screen": "a window of its own, dark and large: tests/browser/test_projection.py",
    "exports.copy_again": "the page of a copy as its script fetches it; looked at as exports.copy",
    "papers.run_again": "the page of a print run as its script fetches it; looked at as papers.run",
    "seats.live_again": "the live page as its script fetches it; looked at as seats.live",
}
# Answers GET, but not with a page.
NO_PAGE = {
    "health.alive": "two letters for load balancers; in tests/integration/test_doctor.py",
    "reports.moved": "leads on to where the figures stand now",
    "screening.today": "leads on to the list of today",
    "zsm.today": "leads on to the list of that day",
    "accounts.ask_again": "leads on to the organisation; in tests/integration/providers",
    "accounts.enrol_qr": "a picture; it is on the page of enrolment",
    "accounts.provider_answer": "leads on into the house; in tests/integration/providers",
    "access_requests.answer": "a document; its words are in tests/web/test_access_requests.py",
    "calendar.feed": "a file for calendar programs",
    "calendar.own_slot": "a file for the own calendar",
    "font_file": "a font",
    "minutes.copied": "leads on to the extract",
    "papers.asked": "leads on to the extract",
    "retention.statement": "a document; its words are in tests/integration/test_retention.py",
    "seats.live_state": "nothing but a header: whether the live page changed",
    "seats.shares_file": "a file: the receipt of a source",
    "static": "files of the house",
}
