"""The exceptions of the product mapped to answers and sentences, in this one place.

A hidden and a missing object give the same 404, byte for byte. No page tells what went wrong
inside, and nothing typed is echoed.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import Flask, current_app, render_template, request
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from app.domain.errors import NotPermitted, NotVisible, Reason, Refusal, StaleEdit
from app.web import formats
from app.web.i18n import language

REASON_TEXT: dict[Reason, Any] = {
    Reason.ACCEPT_FIRST: _l("Geef eerst akkoord op de geheimhouding."),
    Reason.ACCOUNT_UNKNOWN: _l("Er is geen account met dit e-mailadres."),
    Reason.ACTIONS_UNDECIDED: _l("Beslis eerst wat er met deze openstaande actie gebeurt."),
    Reason.ALREADY_ANSWERED: _l("Deze vraag is al beantwoord."),
    Reason.ALREADY_CLOSED: _l("Dit overleg is al gesloten."),
    Reason.ALREADY_PUBLISHED: _l("De stukken zijn al opengesteld."),
    Reason.ALREADY_STARTED: _l("Dit overleg is al begonnen."),
    Reason.ANSWER_NEEDS_TEXT: _l("Schrijf op wat er bekend is, of kies een ander antwoord."),
    Reason.ASKED_ALREADY: _l("Deze vragen zijn voor dit overleg al gesteld."),
    Reason.BASELINE_MISSING: _l("Leg eerst de periode van de nulmeting vast."),
    Reason.BORN_IN_FUTURE: _l("Een geboortedatum ligt niet in de toekomst."),
    Reason.CANNOT_RETURN: _l(
        "Deze deelname kan op dit moment niet worden teruggegeven. Kies een vervanger of bel de "
        "procesregisseur."
    ),
    Reason.CASE_ALREADY_ON_AGENDA: _l("Deze casus staat al op de agenda van dit overleg."),
    Reason.CASE_NOT_OPENED: _l(
        "Met dit casusnummer kunt u geen casus openen. Controleer het, of bel de voorzitter."
    ),
    Reason.CASE_UNKNOWN: _l("Er is bij dit overleg geen casus met dit kenmerk."),
    Reason.CHANGE_PENDING: _l("Hiervoor loopt al een aanvraag die op bevestiging wacht."),
    Reason.CODE_WRONG: _l("Deze code klopt niet of is al gebruikt."),
    Reason.CONFIRM_BY_OTHER: _l("Een ander dan de aanvrager moet dit bevestigen."),
    Reason.CONFIRM_END: _l(
        "Zo eindigt het convenant eerder. Kijk wat dan ophoudt en sla het nog een keer op."
    ),
    Reason.CONFIRM_READERS: _l(
        "Deze rubriek is al voor anderen zichtbaar. Bevestig dat zij de nieuwe tekst mogen lezen."
    ),
    Reason.COVENANT_MISSING: _l("Deze organisatie heeft geen geldig convenant voor dit overleg."),
    Reason.COVENANT_OVERLAPS: _l("Er loopt in deze periode al een convenant."),
    Reason.CRITERIA_CHANGED: _l(
        "De criteria van dit overleg zijn intussen gewijzigd. Loop ze opnieuw na."
    ),
    Reason.DATE_DOES_NOT_EXIST: _l("Deze datum bestaat niet. Controleer dag en maand."),
    Reason.DATE_IN_PAST: _l("Kies een datum die nog moet komen."),
    Reason.DATE_UNREADABLE: _l("Schrijf de datum als dd-mm-jjjj, bijvoorbeeld 03-12-2026."),
    Reason.DAY_NOT_OPEN: _l(
        "Op de lijst van deze dag schrijft u niet: hij moet nog komen of is te lang geleden."
    ),
    Reason.DEPUTY_OR_REPRESENTATIVE: _l(
        "Iemand is bij een overleg vertegenwoordiger of vaste vervanger, niet allebei."
    ),
    Reason.DAYS_OUT_OF_RANGE: _l("Kies een aantal dagen van 1 tot en met 60."),
    Reason.DEADLINE_AFTER_START: _l("De termijn ligt na het begin van het overleg."),
    Reason.DEADLINE_PASSED: _l("De termijn is verstreken."),
    Reason.DEVIATION_NEEDS_TEXT: _l(
        "U wijkt af van de standaard: schrijf grondslag, doel en noodzaak op."
    ),
    Reason.EMAIL_TAKEN: _l("Er is al een account met dit e-mailadres."),
    Reason.END_BEFORE_START: _l("Het einde ligt voor het begin."),
    Reason.FIXED_ITEM: _l("Een vast onderdeel van de agenda heeft geen deelnemers."),
    Reason.FIXED_ITEM_EXISTS: _l("Dit vaste onderdeel staat al op de agenda."),
    Reason.GATE_WAITS: _l(
        "Er is iemand in de zaal zonder deelname. Zeg eerst of die weg is of mag blijven, of "
        "plaats de vervanger."
    ),
    Reason.GUEST_ACCOUNT: _l(
        "Dit account is niet ingericht voor een gewone deelname of rol. Laat de beheerder het "
        "eerst omzetten."
    ),
    Reason.HANDOVER_SETTLED: _l(
        "Deze overdracht wacht niet meer: zij is al aangenomen, geweigerd of ingetrokken."
    ),
    Reason.HANDOVER_WAITS: _l(
        "Er wacht al een overdracht van deze casus op antwoord. Trek die eerst in."
    ),
    Reason.HOUR_DOES_NOT_EXIST: _l(
        "Dit uur bestaat niet of bestaat twee keer door het verzetten van de klok. "
        "Kies een ander tijdstip."
    ),
    Reason.PASSING_ON_FORBIDDEN: _l(
        "Een bron staat nog niet toe dat wat zij inbracht verder gaat. Wie de casus stuurde, "
        "vraagt de bron dit toe te staan of haar tekst terug te nemen; daarna kunt u aannemen."
    ),
    Reason.PICKED_UP_ALREADY: _l("Iemand anders was u voor: deze regel is al opgepakt of klaar."),
    Reason.PLAN_STANDS_ALONE: _l(
        "Een rubriek met het plan is niet voor inbreng en bevat geen persoonsgegevens."
    ),
    Reason.IDENTITY_CLASS: _l(
        "Een rubriek met persoonsgegevens hoort bij de bewaarklasse identiteit, en alleen die."
    ),
    Reason.INPUT_DISCUSSED: _l(
        "Deze inbreng ligt al op tafel en kan niet meer veranderen. Klopt er iets niet, "
        "vraag dan een correctie van het verslag."
    ),
    Reason.KIND_CHANGE_WAITS: _l(
        "Per %(day)s is al een wijziging van deze soort gepland. Kies die dag of een latere."
    ),
    Reason.KIND_CLOCK_EMPTY: _l(
        "Geef elke termijn een duur van ten minste 1, of een vaste dag met een tijd."
    ),
    Reason.KIND_COUNTS_NOWHERE: _l(
        "Een uitkomst telt mee in een jaarcijfer dat deze soort niet heeft. Voeg eerst dat "
        "jaarcijfer toe, of laat de uitkomst nergens meetellen."
    ),
    Reason.KIND_IN_USE: _l(
        "Dit overleg heeft al casussen. Zijn soort verandert niet meer: maak er een nieuw overleg "
        "voor."
    ),
    Reason.KIND_ORDER_ENDS: _l(
        "Kies één termijn na de uitreiking waarmee een huisverbod eindigt, en hoogstens één latere "
        "waarmee het eindigt als het is verlengd. Bij een andere soort overleg eindigt er geen."
    ),
    Reason.KIND_ROLE_UNFILLED: _l(
        "Er moet iemand zijn die bij geen van de ketenpartners hoort. Voeg die ketenpartner toe "
        "of laat de rol weg."
    ),
    Reason.KIND_SECTION_NEEDED: _l(
        "Een van de rubrieken kan niet weg: de pagina's van deze soort zetten er tekst in."
    ),
    Reason.KIND_UNCHANGED: _l("Er is niets gewijzigd."),
    Reason.JUDGE_FIRST: _l("Beoordeel eerst elke tekst."),
    Reason.LADDER_ORDER: _l("Elke volgende stap ligt later dan de vorige."),
    Reason.LEAVERS_FIRST: _l("Rond eerst de vorige bespreking af en zeg wie het overleg verlaat."),
    Reason.LAST_WAY_IN: _l(
        "Zonder deze passkey kunt u niet meer inloggen. Voeg eerst een andere passkey toe en "
        "beëindig daarna deze."
    ),
    Reason.LINK_EXPIRED: _l("Deze link is verlopen of al gebruikt. Vraag een nieuwe aan."),
    Reason.LOOK_FIRST: _l("Bekijk eerst de namen, en kies dan een van de antwoorden."),
    Reason.MEETING_CANCELLED: _l("Dit overleg is afgezegd."),
    Reason.MINUTES_HELD_BACK: _l("Er wacht nog een opmerking. Handel die eerst af."),
    Reason.MINUTES_WAIT: _l(
        "De termijn voor opmerkingen loopt nog en niet iedereen die erbij was gaf akkoord."
    ),
    Reason.MOMENTS_TOO_MANY: _l("Kies hoogstens vijf momenten."),
    Reason.MUST_BE_SAME_ORGANISATION: _l("Kies iemand van dezelfde organisatie."),
    Reason.NAME_TAKEN: _l("Deze naam of code bestaat al."),
    Reason.NO_DAY_LEFT: _l("In deze periode blijft geen enkele dag over."),
    Reason.NO_IDENTITY_SECTION: _l("Dit overleg heeft geen rubriek voor persoonsgegevens."),
    Reason.NAMES_HIDDEN: _l(
        "Hier staat een organisatie waarvan anderen niet mogen weten dat zij meedoet. Laat die "
        "weg, of kies alleen die organisatie als lezer."
    ),
    Reason.NOBODY_TO_ACCEPT: _l(
        "Daar kan deze overdracht nu niet naartoe. Kies een ander overleg of team, of bel eerst."
    ),
    Reason.NOBODY_THERE: _l(
        "Er is nog niemand als aanwezig genoteerd. Noteer de presentie, of kies voor wie dit is."
    ),
    Reason.NO_END_TO_ROLE: _l(
        "Alleen een vertegenwoordiger of vaste vervanger krijgt een laatste dag."
    ),
    Reason.NO_OCCUPANT: _l("Voor deze deelname is nog niemand aangewezen."),
    Reason.NOTHING_DUE: _l("Er is niets waarvan de bewaartermijn voorbij is."),
    Reason.NOT_ADMINISTRATOR_AND_STAFF: _l(
        "Een beheerder kan geen voorzitter, procesregisseur of deelnemer zijn."
    ),
    Reason.NOT_INVITED: _l("Voor deze deelname is nog geen uitnodiging verstuurd."),
    Reason.NOT_PUBLISHED: _l("De stukken zijn nog niet opengesteld."),
    Reason.NOT_SUPERVISOR_AND_MORE: _l(
        "Een FG houdt toezicht en is niet tegelijk privacy officer, beheerder of deelnemer."
    ),
    Reason.NUMBER_OUT_OF_RANGE: _l("Kies een getal van 1 tot en met 12."),
    Reason.ONE_WEEKDAY: _l("Kies bij een maandelijks overleg één dag van de week."),
    Reason.ORAL_RESTED_ON: _l(
        "Een afspraak steunt op deze mondelinge toelichting. Wijzig of verwijder die eerst."
    ),
    Reason.ORAL_NOT_AGREED: _l(
        "Deze organisatie heeft nog niet gezegd dat een afspraak op de mondelinge toelichting mag "
        "steunen."
    ),
    Reason.ORGANISATION_HOSTS: _l(
        "Deze organisatie is nog gastheer van een overleg. Geef dat eerst een andere gastheer."
    ),
    Reason.OUTSIDE_MEETING: _l("Dit tijdstip ligt buiten het overleg."),
    Reason.OWNER_NOT_OF_ORGANISATION: _l("Deze persoon hoort niet bij de gekozen organisatie."),
    Reason.PASSKEY_REFUSED: _l(
        "Met deze passkey is het niet gelukt. Probeer het opnieuw of kies een andere manier."
    ),
    Reason.PASSWORD_WEAK: _l("Dit wachtwoord is te makkelijk te raden. %(why)s"),
    Reason.PASSWORD_WRONG: _l("Dit is niet uw huidige wachtwoord."),
    Reason.PEOPLE_FIRST: _l("Hier werken nog mensen. Laat eerst iedereen vertrekken of verhuizen."),
    Reason.PERIODS_DIFFER: _l("Kies evenveel kwartalen als de nulmeting heeft."),
    Reason.PERIODS_OVERLAP: _l("Kies een begin na het einde van de nulmeting."),
    Reason.PERIOD_FIXED: _l("Deze periode is vastgelegd en verandert niet meer."),
    Reason.PERIOD_TURNED: _l("Kies een einde dat niet voor het begin ligt."),
    Reason.PERSON_FIRST: _l("Kies eerst over wie het verzoek gaat."),
    Reason.OUTSIDE_ORGANISATION: _l(
        "Dit adres past niet bij de maildomeinen van deze organisatie. Klopt het toch? Zeg dat dan."
    ),
    Reason.PARTNER_NOT_ALLOWED: _l(
        "Het juridisch regime van dit overleg laat deze soort organisatie niet toe."
    ),
    Reason.PERSON_NOT_ACTIVE: _l("Dit account is niet actief."),
    Reason.PERSON_WAS_SHARED: _l(
        "Over deze betrokkene is al informatie gedeeld. Verwijderen kan dan niet meer."
    ),
    Reason.PRINT_OVERTAKEN: _l(
        "Intussen is gewijzigd wie wat mag lezen, of wat er staat. Maak de exemplaren opnieuw."
    ),
    Reason.PROVIDER_TAKEN: _l("Dit hoort al bij een andere inlogpagina."),
    Reason.QUIET_OUT_OF_RANGE: _l(
        "De stilte begint tussen 13.00 en 24.00 uur en eindigt tussen 6.00 en 12.00 uur."
    ),
    Reason.REASON_NEEDED: _l("Schrijf de reden op."),
    Reason.ROOM_TAKEN: _l("Deze ruimte is dan al bezet van %(start)s tot %(end)s uur."),
    Reason.ROOM_TAKEN_ON: _l("Deze ruimte is op %(day)s al bezet van %(start)s tot %(end)s uur."),
    Reason.REFERRAL_INCOMPLETE: _l(
        "Er ontbreekt nog iets. Vul dat eerst aan; wat u al schreef, is bewaard."
    ),
    Reason.SAID_IN_FUTURE: _l("Kies een moment dat al is geweest."),
    Reason.ROLE_HELD: _l("Deze persoon heeft deze rol hier al."),
    Reason.SAFE_TELLS: _l(
        "In de neutrale tekst staat nog iets uit de casus. Schrijf hem zonder namen en "
        "bijzonderheden."
    ),
    Reason.SCREENED_ALREADY: _l("Dit nummer staat al op de lijst van deze dag."),
    Reason.SEAT_EXISTS: _l("Deze persoon neemt al deel aan deze bespreking."),
    Reason.SECTION_IN_USE: _l(
        "Deze rubriek is al gebruikt. De bescherming ervan kan niet meer veranderen."
    ),
    Reason.SERIES_ENDED: _l("Deze reeks is al beëindigd."),
    Reason.SERIES_TOO_LONG: _l(
        "Een reeks duurt hoogstens 12 maanden. Daarna kunt u hem verlengen."
    ),
    Reason.SIGN_IN_FAILED: _l("E-mailadres en wachtwoord horen niet bij elkaar."),
    Reason.SOURCES_FIRST: _l("Vraag eerst elke bron om een zienswijze en wacht op het antwoord."),
    Reason.SOURCE_DECIDES: _l("Alleen de bronorganisatie kan deze rubriek openstellen."),
    Reason.STANDARD_EXISTS: _l("Deze standaardverstrekking bestaat al."),
    Reason.STATEMENT_CHANGED: _l(
        "De tekst is intussen gewijzigd. Lees de nieuwe tekst en geef daarop akkoord."
    ),
    Reason.STATE_NOT_ALLOWED: _l("Dit kan niet meer in de huidige stand."),
    Reason.SUBSTITUTE_FIRST: _l(
        "Wijs eerst een vervanger aan: niemand anders kan deze casus nog begeleiden."
    ),
    Reason.TABLE_TAKES_NONE: _l(
        "Dit overleg neemt geen aanmeldingen meer aan. Kies een ander overleg."
    ),
    Reason.TASK_TOO_LONG: _l("Een taak duurt hoogstens een half jaar. Kies een eerdere dag."),
    Reason.TERM_IDENTITY: _l(
        "Identiteit blijft minstens 12 maanden bewaard: zo lang wordt een herhaling herkend."
    ),
    Reason.TERM_NOT_LATER: _l("Kies een dag na de termijn die nu geldt."),
    Reason.TERM_ORDER: _l(
        "Afspraken en acties blijven minstens zo lang bewaard als samenvatting en inbreng."
    ),
    Reason.TERM_OUT_OF_RANGE: _l("Kies een getal van 1 tot en met 240."),
    Reason.TEXT_TOO_LONG: _l("De tekst is te lang."),
    Reason.TOO_FEW_PARTNERS: _l(
        "Dit overleg heeft minder dan vijf vertegenwoordigers. "
        "Van hun antwoorden is niets te vertellen zonder te laten zien wie wat vindt."
    ),
    Reason.TOO_MANY_CONCERNED: _l(
        "Een aanmelding heeft hoogstens 12 betrokkenen. Noem de anderen bij wat er speelt."
    ),
    Reason.TOO_MANY_PASSKEYS: _l("U hebt al tien passkeys. Beëindig er eerst een."),
    Reason.TOO_MANY_TRIES: _l("Te veel pogingen. Probeer het over %(minutes)s min opnieuw."),
    Reason.UNDO_OVERTAKEN: _l(
        "Er is sindsdien nog iets gewijzigd of gelezen. Ongedaan maken kan niet meer: wijzig het "
        "overleg opnieuw."
    ),
    Reason.UNDO_TOO_LATE: _l(
        "De berichten zijn al uitgegaan. Wijzig het overleg opnieuw: wie bericht kreeg, krijgt "
        "dan een nieuw bericht."
    ),
    Reason.FILE_UNREADABLE: _l(
        "Dit bestand is geen inrichting van Casustafel, of het is beschadigd."
    ),
    Reason.REGION_NOT_EMPTY: _l(
        "Hier zijn al casustafels: een bestand richt alleen een lege regio in."
    ),
    Reason.UPLOAD_GONE: _l("Het bestand is niet meer bewaard. Kies het opnieuw."),
    Reason.VALUE_MISSING: _l("Vul dit veld in."),
    Reason.VALUE_UNKNOWN: _l("Kies een van de mogelijkheden."),
    Reason.WEEKDAY_MISSING: _l("Kies ten minste één dag van de week."),
    Reason.WORDS_BETRAY: _l(
        "Deze woorden vertellen waar het overleg over gaat. Wie in een agenda meekijkt, leest ze "
        "ook. Kies gewone woorden, zoals Overleg of Werkoverleg."
    ),
}


def sentence_of(refusal: Refusal) -> str:
    """The sentence for a refusal in the reader's language, moments as clock times."""
    sentence = str(REASON_TEXT[refusal.reason])
    if not refusal.params:
        return sentence
    return sentence % {name: _in_words(value) for name, value in refusal.params.items()}


def _in_words(value: object) -> object:
    if isinstance(value, datetime):
        return formats.clock(value, language())
    if isinstance(value, date):
        return formats.date_short(value, language())
    return value


def install(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(NotVisible, lambda _error: _page(404))
    app.register_error_handler(404, lambda _error: _page(404))
    app.register_error_handler(NotPermitted, lambda _error: _page(403))
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(StaleEdit, lambda _error: _page(409))
    # Two people saved the same row at the same moment; the later one is told, nothing is lost.
    app.register_error_handler(StaleDataError, lambda _error: _page(409))
    app.register_error_handler(CSRFError, lambda _error: _page(400))
    app.register_error_handler(OperationalError, lambda _error: _page(503))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _refused(refusal: Refusal) -> tuple[str, int]:
    return _page(422, sentence=sentence_of(refusal))


def _http(error: HTTPException) -> tuple[str, int] | HTTPException:
    code = error.code or 500
    return _page(code if code in _TITLES else 400)


def _unexpected(error: Exception) -> tuple[str, int]:
    if current_app.config.get("PROPAGATE_FAULTS"):
        raise error
    # The class alone: the text of an exception may hold confidential values.
    current_app.logger.error("unexpected %s at endpoint %s", type(error).__name__, request.endpoint)
    return _page(500)


_TITLES: dict[int, tuple[Any, Any]] = {
    400: (
        _l("Het verzoek is niet begrepen"),
        _l("Ga terug, vernieuw de pagina en probeer het opnieuw. Er is niets opgeslagen."),
    ),
    403: (_l("Dit kunt u hier niet doen"), _l("U mag dit wel zien, maar niet wijzigen.")),
    404: (
        _l("Niet gevonden of geen toegang"),
        _l("De pagina bestaat niet, of u hebt er geen toegang toe."),
    ),
    405: (_l("Dit kan hier niet"), _l("Ga terug en gebruik de knoppen op de pagina.")),
    409: (
        _l("Iemand anders was u voor"),
        _l("De tekst is intussen gewijzigd. Ga terug en vernieuw de pagina."),
    ),
    413: (_l("De tekst of het bestand is te groot"), _l("Er is niets opgeslagen.")),
    422: (_l("Dit kan niet"), _l("Er is niets opgeslagen.")),
    429: (_l("Te veel pogingen"), _l("Wacht even en probeer het dan opnieuw.")),
    500: (
        _l("Er ging iets mis"),
        _l("De fout is vastgelegd. Probeer het over een paar minuten opnieuw."),
    ),
    503: (
        _l("Casustafel is even niet bereikbaar"),
        _l("Probeer het over een paar minuten opnieuw. Er is niets opgeslagen."),
    ),
}


def _page(code: int, *, sentence: str | None = None) -> tuple[str, int]:
    title, text = _TITLES[code]
    return render_template("error.html", title=title, text=sentence or text), code
