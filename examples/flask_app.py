"""A search page in a Flask application, in one file.

    pip install arsearch flask
    arsearch index examples/articles.jsonl
    flask --app examples/flask_app run

The index is `$ARSEARCH_INDEX`, else `.arsearch` in the current folder. One `Index` serves all threads, and follows the commits of
other processes.
"""

from __future__ import annotations

import os

from flask import Flask, Response, jsonify, render_template_string, request
from markupsafe import Markup

import arsearch

PAGE = """<!doctype html>
<html lang="ar" dir="rtl"><meta charset="utf-8"><title>بحث</title>
<form><input name="q" value="{{ q }}" dir="auto" maxlength="1000" aria-label="بحث" autofocus> <button>ابحث</button></form>
{% if results %}<p>{{ results.total }}</p>{% endif %}
{% for hit in results %}
<h2><bdi>{{ marked(hit.title_snippet) }}</bdi></h2>
<p>{{ marked(hit.snippet) }}</p>
{% endfor %}"""

app = Flask(__name__)
index = arsearch.open(os.environ.get("ARSEARCH_INDEX", ".arsearch"))


def marked(snippet: arsearch.Snippet) -> Markup:
    """Return a snippet for a template: its HTML has everything escaped but `<mark>`."""
    return Markup(snippet.html)


@app.get("/")
def search() -> str:
    """Answer with the page of the first ten hits."""
    q = request.args.get("q", "")[:1000]
    results = index.search(q, collapse="duplicates", timeout=5) if q.strip() else ()
    return render_template_string(PAGE, q=q, results=results, marked=marked)


@app.get("/suggest")
def suggest() -> Response:
    """Answer with completions of what is being typed."""
    return jsonify([suggestion.text for suggestion in index.suggest(request.args.get("q", "")[:1000])])
