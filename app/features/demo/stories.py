"""The hand-written demo cases: invented households, told in the sections of the scheme."""

from __future__ import annotations

from typing import Final

from app.domain.kinds import CaseState
from app.features.demo.story import CHILD, NETWORK, PERPETRATOR, VICTIM, Story, who

STORIES: Final = (
    Story(
        "stalking",
        "mda",
        "VT",
        CaseState.ON_AGENDA,
        "Hoe stoppen we de belaging na de scheiding zonder dat moeder opnieuw moet verhuizen, en "
        "wie voert de regie op de omgang?",
        (
            who(VICTIM, "Moeder", "ex-partner van vader", 1, "M. Zilverschoon, 04-02-1989"),
            who(PERPETRATOR, "Vader", "ex-partner van moeder", 2, "R. Boterbloem, 17-09-1986"),
            who(CHILD, "Kind 1", "dochter", 1, "S. Boterbloem, 21-05-2016"),
            who(CHILD, "Kind 2", "zoon", 1, "J. Boterbloem, 02-11-2019"),
        ),
        {
            "cause": (
                "VT",
                (
                    "Derde melding in acht maanden. Vader wacht moeder op bij school en stuurt "
                    "dagelijks tientallen berichten via het account van de oudste."
                ),
            ),
            "safety": (
                "VT",
                (
                    "Moeder slaapt sinds vorige week bij haar zus. De school laat de kinderen "
                    "alleen met moeder of oma mee. Vader weet van het tijdelijke adres niets."
                ),
            ),
            "children": (
                "LT-OW",
                (
                    "De oudste is stil in de klas en heeft buikpijn op omgangsdagen. De jongste "
                    "plast weer in bed. Beide kinderen willen vader zien, maar niet alleen."
                ),
            ),
            "criminal": (
                "POL",
                (
                    "Twee aangiften van belaging, één sepot. Stopgesprek op 3 oktober; daarna vier "
                    "nieuwe meldingen."
                ),
            ),
            "protective": (
                "LT-OW",
                "Zus en oma vangen op. Moeder heeft werk en houdt een logboek bij.",
            ),
        },
    ),
    Story(
        "zoon-slaat",
        "mda",
        "LT-OW",
        CaseState.ON_AGENDA,
        "Welke combinatie van hulp en grenzen houdt deze jongen thuis, zonder dat moeder en zusje "
        "gevaar lopen?",
        (
            who(VICTIM, "Moeder", "moeder", 3, "A. Dropveter, 30-06-1979"),
            who(PERPETRATOR, "Zoon (16)", "zoon", 3, "D. Dropveter, 11-01-2010"),
            who(CHILD, "Zusje (9)", "dochter", 3, "L. Dropveter, 08-08-2017"),
        ),
        {
            "cause": (
                "LT-OW",
                (
                    "Zoon sloeg moeder twee keer in een maand en trapte een deur in. Moeder belde "
                    "112, maar deed geen aangifte."
                ),
            ),
            "safety": ("LT-OW", "Zusje slaapt op slechte avonden bij de buren. Messen liggen weg."),
            "care": (
                "GGZ",
                "Diagnostiek is in september gestart; drie van de vijf afspraken zijn gemist.",
            ),
            "children": ("GI", "Zusje trekt zich terug. School ziet haar vaak te laat komen."),
        },
    ),
    Story(
        "oudere",
        "mda",
        "GEM-OW",
        CaseState.ON_AGENDA,
        "Is er sprake van financiële uitbuiting en wie kan veilig met mevrouw alleen spreken?",
        (
            who(VICTIM, "Mevrouw (82)", "moeder", 4, "H. Lepelblad, 14-03-1944"),
            who(PERPETRATOR, "Zoon", "inwonende zoon", 4, "P. Lepelblad, 25-12-1971"),
            who(NETWORK, "Nicht", "nicht, mantelzorger", 5, "C. Lepelblad, 09-10-1983"),
        ),
        {
            "cause": (
                "GEM-OW",
                (
                    "De thuiszorg ziet blauwe plekken en een lege koelkast. De pin van mevrouw "
                    "wordt dagelijks gebruikt, terwijl zij het huis niet uit komt."
                ),
            ),
            "safety": (
                "VT",
                "Zoon is aanwezig bij elk bezoek. De thuiszorg komt twee keer per dag.",
            ),
            "care": ("GGZ", "Mevrouw is bekend met beginnende geheugenproblemen."),
        },
    ),
    Story(
        "vastgelopen",
        "mda",
        "GI",
        CaseState.IN_PROGRESS,
        "Na drie jaar hulp blijft het thuis onveilig. Wat doen we anders, wie houdt het vol en "
        "wanneer is het veilig genoeg?",
        (
            who(PERPETRATOR, "Vader", "vader", 6, "T. Kattenstaart, 19-07-1984"),
            who(VICTIM, "Moeder", "moeder", 6, "W. Kattenstaart, 01-04-1987"),
            who(CHILD, "Kind (12)", "zoon", 6, "B. Kattenstaart, 13-06-2014"),
            who(CHILD, "Kind (7)", "dochter", 6, "I. Kattenstaart, 27-02-2019"),
        ),
        {
            "cause": ("GI", "Zesde incident sinds de start van de ondertoezichtstelling."),
            "safety": (
                "VT",
                (
                    "Ouders zijn weer samen. Er is een veiligheidsplan, maar de steunfiguur is "
                    "verhuisd."
                ),
            ),
            "children": (
                "GI",
                (
                    "De oudste neemt het op voor moeder en krijgt zelf klappen. De jongste logeert "
                    "elk tweede weekend in een steungezin."
                ),
            ),
            "history": ("GI", "Vier hulptrajecten, twee voortijdig gestopt na een terugval."),
            "criminal": ("OM", "Voorwaardelijke straf met een proeftijd tot volgend voorjaar."),
            "care": ("GGZ", "Vader staat op de wachtlijst voor agressieregulatie."),
        },
    ),
    Story(
        "mannen",
        "mda",
        "SHN",
        CaseState.IN_PROGRESS,
        "Hoe helpen we dit paar afstand te nemen nu beiden om hulp vragen?",
        (
            who(VICTIM, "Partner A", "echtgenoot", 7, "F. Wolfsmelk, 22-05-1991"),
            who(PERPETRATOR, "Partner B", "echtgenoot", 7, "E. Wolfsmelk, 18-08-1990"),
        ),
        {
            "cause": (
                "SHN",
                "Partner A meldde zich na een nacht op straat; zijn man had hem buitengesloten.",
            ),
            "safety": ("VT", "Partner A logeert bij vrienden. Er zijn geen kinderen."),
            "care": ("VZ", "Partner B start binnenkort met behandeling voor alcoholgebruik."),
            "criminal": ("RN", "Reclassering adviseert een gedragsaanwijzing met contactverbod."),
        },
    ),
    Story(
        "eer",
        "mda",
        "POL",
        CaseState.IN_PROGRESS,
        "Hoe blijft deze jonge vrouw veilig wanneer zij de opvang verlaat?",
        (
            who(VICTIM, "Dochter (19)", "dochter", 8, "N. Zonnedauw, 03-03-2007"),
            who(PERPETRATOR, "Oom", "oom", 9, "K. Zonnedauw, 12-12-1978"),
            who(NETWORK, "Tante", "tante, vertrouwenspersoon", 10, "R. Maanzaad, 06-06-1981"),
        ),
        {
            "cause": (
                "POL",
                "Na een geweigerde verloving werd de dochter bedreigd en door familie gevolgd.",
            ),
            "safety": (
                "VO",
                "Verblijf op een geheim adres. De telefoon is vervangen; de familie zoekt haar.",
            ),
            "protective": ("VO", "Haar tante staat achter haar. Zij wil haar studie afmaken."),
        },
    ),
    Story(
        "weekend",
        "act",
        "POL",
        CaseState.ON_AGENDA,
        "Wie spreekt vandaag met de kinderen en welke voorwaarden vragen we bij de zitting?",
        (
            who(PERPETRATOR, "Vader", "partner", 11, "G. Speenkruid, 28-10-1988"),
            who(VICTIM, "Moeder", "partner", 11, "V. Speenkruid, 15-07-1992"),
            who(CHILD, "Kind (4)", "dochter", 11, "O. Speenkruid, 20-04-2022"),
        ),
        {
            "cause": ("POL", "Aanhouding in het weekend na mishandeling; vader zit vast."),
            "safety": ("VT", "Moeder en kind zijn thuis. De sleutel van vader is ingenomen."),
            "children": (
                "VT",
                "Het kind was erbij. De voorschool is ingelicht, op neutrale wijze.",
            ),
            "criminal": ("OM", "Voorgeleiding gepland; contactverbod wordt overwogen."),
        },
        channel="politie",
    ),
    Story(
        "man-slachtoffer",
        "act",
        "VT",
        CaseState.ON_AGENDA,
        "Kan een huisverbod helpen en wie begeleidt meneer naar een veilige plek?",
        (
            who(VICTIM, "Meneer", "partner", 12, "S. Vingerhoed, 07-01-1985"),
            who(PERPETRATOR, "Mevrouw", "partner", 12, "B. Vingerhoed, 23-11-1987"),
        ),
        {
            "cause": ("VT", "Meneer belde zelf na een steekincident met een schaar."),
            "safety": ("POL", "Mevrouw was onder invloed. Het wapen is in beslag genomen."),
        },
        channel="telefoon",
    ),
    Story(
        "contactverbod",
        "act",
        "OM",
        CaseState.ON_AGENDA,
        "Het contactverbod is overtreden. Wat doet wie, en in welke volgorde?",
        (
            who(PERPETRATOR, "Ex-partner", "ex-partner", 13, "L. Heksenkruid, 16-02-1980"),
            who(VICTIM, "Mevrouw", "ex-partner", 14, "J. Ganzerik, 29-09-1982"),
        ),
        {
            "cause": ("OM", "Twee overtredingen in een week, vastgelegd op camerabeelden."),
            "safety": ("SHN", "Mevrouw heeft een noodknop en durft de hond niet uit te laten."),
            "criminal": ("RN", "Toezicht loopt; elektronische controle is mogelijk."),
        },
        channel="politie",
    ),
    Story(
        "wachtend",
        "mda",
        "VT",
        CaseState.ACCEPTED,
        "Welke organisatie kan de casusregie overnemen nu de hulp is gestopt?",
        (
            who(VICTIM, "Moeder", "moeder", 15, "T. Ogentroost, 10-10-1990"),
            who(CHILD, "Kind (5)", "zoon", 15, "M. Ogentroost, 05-05-2021"),
        ),
        {"cause": ("VT", "Hulp stopte na verhuizing; twee nieuwe meldingen.")},
        imported_number="MDA-0126",
    ),
    Story(
        "nieuw",
        "mda",
        "GGZ",
        CaseState.IN_TRIAGE,
        "Is deze tafel de juiste plek, of kan het lokale team dit oppakken?",
        (who(VICTIM, "Cliënt", "cliënt", 16, "A. Ooievaarsbek, 31-01-1995"),),
        {"cause": ("GGZ", "Cliënt vertelde in behandeling over dwang door een huisgenoot.")},
        channel="telefoon",
    ),
    Story(
        "afgerond",
        "act",
        "LT-OW",
        CaseState.CLOSED,
        "Kan afgeschaald worden naar het lokale team?",
        (who(VICTIM, "Gezin", "gezin", 17, "D. Slangenkruid, 02-02-1982"),),
        {"cause": ("LT-OW", "Burenruzie met een geschiedenis van geweld in het gezin.")},
    ),
)
