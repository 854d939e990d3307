"""Words of a case are found in every spelling and part of a mail; neutral mails raise no alarm."""

import itertools
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.leaks import findings, telling_words, words_of
from app.infra import letters
from app.infra.letter_parts import Neutral, parts_of
from app.infra.mail import OutgoingMail
from tests.calendar_samples import INVITATION

NAMES = [
    "Fatima El Amrani", "Jan van der Berg", "Anne-Marie Müller", "Özgür Y\u0131lmaz", "Bo de Wit-Jansen",
    "Łukasz Kowalski", "Siobhán O’Brien", "Sjoerd ’t Hart", "Chloé d’Hondt", "José Núñez",
]  # fmt: skip
IDENTITY = (
    "Naam: {name}\nGeboren: 3-12-2014\nAdres: Kerkstraat 12, 1234 AB Deltastad\nTel: 06-12345678"
)


def words(name: str = "Fatima El Amrani", question: str = "", *known: str):
    return words_of(
        identities=[IDENTITY.format(name=name)],
        texts=["Moeder", question],
        codes=["MDA-7K3QX", "PV2026-0012"],
        known=["MDA++ Deltaland", "Zaal 2, Stadhuis", "GGZ Delta", "Politie", *known],
    )


def plain(text: str) -> str:
    return "".join(
        one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one)
    )


# Ways one and the same name is written.
SPELLINGS = {
    "as it is": str,
    "capitals": str.upper,
    "small": str.lower,
    "no accents": plain,
    "no hyphens": lambda name: name.replace("-", " "),
    "hyphens gone": lambda name: name.replace("-", ""),
    "initials": lambda name: f"{name[0]}. {name.split(' ', 1)[1]}",
    "last name first": lambda name: f"{name.split()[-1]}, {' '.join(name.split()[:-1])}",
    "last name alone": lambda name: name.split()[-1],
    "first name alone": lambda name: name.split()[0],
    "particles joined": lambda name: name.split()[0] + " " + "".join(name.split()[1:]).lower(),
    "points between": lambda name: ".".join(name.split()),
    "decomposed": lambda name: unicodedata.normalize("NFD", name),
}  # fmt: skip
SEPARATORS = [" ", ", ", "-", "/", " (", "_", ": ", "\n", "2", "'"]
VALUES = {
    "name": "T. Mulder", "moment": "15-06 13:10", "place": "Zaal 2, Stadhuis", "url": "https://x.test",
    "starts_at": datetime(2026, 6, 15, 11, 10, tzinfo=UTC),
    "ends_at": datetime(2026, 6, 15, 11, 40, tzinfo=UTC),
    "serves": False,
}  # fmt: skip


@given(
    name=st.sampled_from(NAMES),
    spelling=st.sampled_from(sorted(SPELLINGS)),
    before=st.sampled_from(SEPARATORS),
    after=st.sampled_from(SEPARATORS),
    at=st.integers(0, 40),
    template=st.sampled_from(["invitation", "invitation_changed", "invitation_cancelled"]),
)
def test_a_name_is_found_wherever_and_however_it_is_written(
    *, name, spelling, before, after, at, template
):
    letter = letters.write(template, "nl", VALUES)
    said = letter.text.split(" ")
    said.insert(at % (len(said) + 1), before + SPELLINGS[spelling](name) + after)
    assert findings(" ".join(said), words(name), own=letter.text)


FIELDS = ["subject", "text", "html", "sender_name", "to_name", "message_id", "SUMMARY",
          "DESCRIPTION", "LOCATION", "ATTENDEE", "ORGANIZER", "STATUS", "X-NOTE", "DTSTART"]  # fmt: skip


def neutral_of(mail: OutgoingMail) -> Neutral:
    known = (mail.sender_name, mail.sender, mail.to_name, mail.to, mail.reply_to or "")
    return Neutral(
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        calendar="Uw tijdslot in een overleg. Meld u aan voor de stukken",
        addresses=" ".join((*known, mail.message_id)),
    )


def with_word(mail: OutgoingMail, field: str, word: str) -> OutgoingMail:
    if field == "message_id":
        return replace(mail, message_id=mail.message_id.replace("<", f"<{plain(word)}."))
    if field.islower():
        return replace(mail, **{field: f"{getattr(mail, field)} {word}"})
    extra = f"{field};CN={word}:{word}\r\n"
    return replace(mail, ics=mail.ics.replace(b"END:VEVENT", extra.encode() + b"END:VEVENT"))


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("spelling", ["Amrani", "AMRANI", "amrani"])
def test_a_name_is_found_in_every_part_of_a_mail(field, spelling):
    stopped = with_word(INVITATION, field, spelling)
    places = {
        part.place
        for part in parts_of(stopped, neutral_of(INVITATION))
        if findings(part.text, words(), own=part.own)
    }
    header = {"sender_name": "From", "to_name": "To", "message_id": "Message-ID"}.get(field)
    wanted = f"header-{header}" if header else field if field.islower() else f"calendar-{field}"
    assert wanted in places


def test_a_folded_line_hides_nothing():
    ics = INVITATION.ics.replace(b"END:VEVENT", b"LOCATION:Bij mevrouw Am\r\n rani\r\nEND:VEVENT")
    found = [
        part.place
        for part in parts_of(replace(INVITATION, ics=ics), neutral_of(INVITATION))
        if findings(part.text, words(), own=part.own)
    ]
    assert found == ["calendar-LOCATION"]


@pytest.mark.parametrize(
    "text",
    [
        "3-12-2014", "03-12-2014", "3/12/2014", "3.12.2014", "2014-12-03", "20141203", "03122014",
        "3 december 2014", "3 dec 2014", "3 DEC. 2014", "December 3, 2014", "3rd of December 2014",
        "3-12-14", "3 12 2014", "Kerkstraat 12", "kerkstraat 12a", "KERKSTRAAT nr. 12", "1234 AB", "1234ab",
        "06-12345678", "0612345678", "06 12 34 56 78", "+31 6 12345678", "+31 (0)6-12345678",
        "0031612345678", "MDA-7K3QX", "mda 7k3qx", "MDA7K3QX", "7K3QX", "PV2026-0012", "PV 2026 0012",
        "bij moeder thuis", "ZaalFatima", "3–12–2014", "03_12_2014", "3-12-'14", "06–12345678",
        "06/12345678", "1234-AB", "1234.ab", "Kerkstr. 12", "Amranis huis", "Amranioverleg",
        "gezinamrani", "fatimaelamrani", "FATIMAELAMRANI", "felamrani", "Am\u200brani", "Am\u00adrani",
        "Am\u2060rani", "\uff21\uff4d\uff52\uff41\uff4e\uff49",
    ],
)  # fmt: skip
def test_dates_addresses_numbers_and_references_are_found(text):
    assert findings(f"Zaal 2 {text}, Stadhuis", words())


@pytest.mark.parametrize(
    "text",
    [
        "Zaal 2, Stadhuis", "Kerkstraat 80", "Stadskantoor Deltastad", "Politie Deltaland, kamer 12",
        "GGZ Delta", "3-12-2026", "15-06 13:10", "Teams", "1234 CD", "0800-2000", "112", "Zaal 7",
        "Naam: zie boven", "Casusoverleg", "Teamoverleg", "Zaal 3 – 12", "13.10–13.40", "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
    ],
)  # fmt: skip
def test_a_room_in_the_same_town_is_no_alarm(text):
    assert not findings(text, words(question="Wat is er nodig? Politie en GGZ Delta vragen dit."))


def test_words_of_the_question_count_too():
    assert findings("Bij Wietske", words(question="Kan Wietske naar huis?"))
    assert not findings("Kan dit in Zaal 2?", words(question="Kan Wietske naar huis?"))


def test_what_anybody_reads_does_not_count_and_once_more_does():
    own = "Dag T. Mulder,"
    assert not findings(own, words("Jan Mulder"), own=own)
    assert findings(f"{own} bij Mulder thuis", words("Jan Mulder"), own=own)


def test_the_line_is_told_and_the_word_is_not():
    [found] = findings("Dag,\n\nbij Fatima\n", words())
    assert (found.line, found.sort) == (3, "name")
    assert "fatima" not in repr(found).lower()
    assert "fatima" not in repr(words()).lower()


FIRST = [
    "Jan", "Piet", "Anna", "Maria", "Kees", "Emma", "Daan", "Sem", "Lotte", "Noor", "Bram", "Fleur",
    "Thijs", "Sanne", "Mohamed", "Fatima", "Youssef", "Dag", "Log", "June", "May", "Uw", "Bo", "Ida",
    "Ed",
]  # fmt: skip
LAST = [
    "de Jong", "Jansen", "de Vries", "van den Berg", "van Dijk", "Bakker", "Visser", "Smit",
    "Meijer", "de Boer", "Mulder", "de Groot", "Bos", "Vos", "Peters", "Hendriks", "van Leeuwen",
    "Dekker", "Dijkstra", "El Amrani",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Jansen belt morgen.", ("Jansen",)),
        ("Bel (Jansen), ook Jansen zelf", ("Jansen",)),
        ("Over MDA 7K3QX is niets gezegd", ("7K3QX",)),
        ("Bel 06 12 34 56 78 en vraag het", ("06 12 34 56 78",)),
        ("Niets van belang", ()),
    ],
)
def test_whoever_typed_it_is_told_which_words_and_no_more_than_those(text, told):
    said = words_of(
        identities=["Naam: P. Jansen\nTelefoon: 06-12345678"],
        texts=[],
        codes=["MDA-7K3QX"],
        known=[],
    )
    assert telling_words(text, said) == told


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_false_alarm_for_five_hundred_recipients_called_like_somebody(language):
    """The recipient has the very name of the person concerned, and some names are template words."""
    events = ["invitation", "invitation_changed", "invitation_cancelled"]
    for number, (first, last) in enumerate(itertools.product(FIRST, LAST)):
        name = f"{first} {last}"
        case = words(name, f"Wat heeft {first} nodig?")
        values = {**VALUES, "name": name}
        event = events[number % 3]
        letter = letters.write(event, language, values)
        twin = letters.write(event, language, {**values, "place": "–", "url": "–", "moment": "–"})
        for said, own in ((letter.subject, twin.subject), (letter.text, twin.text), (letter.html, twin.html)):  # fmt: skip
            assert not findings(said, case, own=own), name
