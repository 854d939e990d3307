import pytest

from tests.pages import Page, faults

SOUND = """<!doctype html><html lang="nl"><head><title>Overleg</title></head><body>
<header><form method="post" action="/sign-out"><input type="hidden" name="csrf_token" value="t"></form></header>
<main><h1>Overleg</h1><form method="post" action="/meetings/new">
<input type="hidden" name="csrf_token" value="t"><input name="place" value="Zaal 2">
<input type="checkbox" name="fixed" value="1"><input type="checkbox" name="days" value="mo" checked>
<select name="table"><option value="">–</option><option value="b" selected>B</option></select>
<textarea name="question">\nWat nu?</textarea><button name="act" value="save">Bewaren</button>
</form></main></body></html>"""


def test_a_form_sends_what_a_browser_would():
    form = Page(SOUND).form()
    assert form.action == "/meetings/new"
    assert dict(form.filled({})) == {
        "csrf_token": ["t"], "place": ["Zaal 2"], "days": ["mo"], "table": ["b"], "question": ["Wat nu?"],
    }  # fmt: skip
    changed = form.filled({"place": "Zaal 3", "days": None, "fixed": ["1"]})
    assert (changed["place"], changed["fixed"], "days" in changed) == (["Zaal 3"], ["1"], False)


def test_a_form_is_found_by_where_it_goes():
    assert Page(SOUND).form("/sign-out").fields == [("csrf_token", "t")]


def test_a_sound_page_has_no_faults():
    assert faults(Page(SOUND)) == []


@pytest.mark.parametrize(
    ("sound", "broken", "fault"),
    [
        ("<h1>Overleg</h1>", "", "exactly one h1"),
        ("<h1>Overleg</h1>", "<h1>A</h1><h1>B</h1>", "exactly one h1"),
        ("<title>Overleg</title>", "<title> </title>", "a title"),
        ('lang="nl"', "", "a language"),
        ("<main>", '<main><p id="a"></p><p id="a"></p>', "ids that stand once"),
        ("<main>", "<main><script>go()</script>", "no inline script"),
        ("<main>", '<main style="color: red">', "no style attribute"),
        ("<main>", '<main onclick="go()">', "no event attribute"),
        ("<main>", '<main><img src="https://elsewhere.example/x.svg">', "nothing from elsewhere"),
        ('name="csrf_token"', 'name="other"', "a csrf_token"),
    ],
)
def test_a_broken_page_is_found(sound: str, broken: str, fault: str):
    assert [one for one in faults(Page(SOUND.replace(sound, broken))) if fault in one]
