"""A Django application: models that are searched in Arabic.

    INSTALLED_APPS = [..., "arsearch.integrations.django"]
    ARSEARCH_INDEX = BASE_DIR / "articles.arsearch"

| module | contents |
|---|---|
| `models` | `SearchableModel`, a model whose objects are articles of the index |
| `indexing` | the index of the project; adding, removing and searching objects |
| `receivers` | signals: saved objects are added, deleted ones removed |
| `rebuilding` | a new index from all objects, put in the place of the old one; the journal of changes meanwhile |
| `views` | `SearchView`, a page of results, and its template |

docs/django.md has the settings. The application is tested on Django 5.2.
"""

from __future__ import annotations

try:
    import django as _django  # noqa: F401
except ImportError as error:
    raise ImportError('the application needs Django: run pip install "arsearch[django]"') from error
