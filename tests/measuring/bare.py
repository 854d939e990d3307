"""A page that does nothing, behind the same server: what any request costs before ours begins."""

from flask import Flask

app = Flask("bare")


@app.get("/bare")
def bare() -> str:
    return "<!doctype html><title>Niets</title><p>Niets"
