"""The renaming of a source's columns to our field names, by the caller's mapping and a table of synonyms.

A field takes the column that the caller mapped to it, else the column with its own name, else its first synonym in the
order of the table. Every field is filled at most once; further synonyms stay further fields under their own names. A
synonym counts only where its value suits the field: a JSON `"published": true` is no date.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from arsearch.errors import InputError
from arsearch.model import KNOWN_FIELDS
from arsearch.model.articles import read_date
from arsearch.readers.exports.wrappings import rendered_headings, text_value, translations
from arsearch.readers.values.nested import at_path, long_texts

__all__ = ["Columns", "Plan", "checked_mapping", "field_of", "shadowing", "split_tags"]

_SYNONYMS = {
    "id": "_id id_str doc_id docid docno article_id news_id post_id uuid guid identifier identifiant المعرف معرف معرف_المقال"
    " رقم الرقم رقم_المقال رقم_الخبر",
    "title": "headline heading subject post_title news_title article_title titre intitulé العنوان عنوان عنوان_المقال"
    " عنوان_الخبر عنوان_المقالة",
    "body": "content contents text article_text article_body articlebody body_text full_text fulltext content_text"
    " post_content news_text news_content article story paragraphs message selftext transcript texte contenu corps article_texte"
    " النص نص نص_المقال نص_الخبر المحتوى محتوى المتن متن الخبر المقال المقالة الموضوع التفاصيل تفاصيل_الخبر"
    " النص_الكامل نص_كامل محتوى_المقال محتوى_الخبر متن_الخبر متن_المقال المضمون مضمون نص_الحديث"
    " content_html main_text maintext text_body plain_text clean_text cleaned_text raw_text body_html markdown details"
    " description summary abstract excerpt lead résumé chapeau الوصف وصف الملخص ملخص",
    "author": "authors writer byline creator author_name reporter journalist auteur auteurs rédacteur الكاتب كاتب المؤلف مؤلف"
    " اسم_الكاتب اسم_المؤلف المحرر",
    "source": "publisher outlet newspaper source_name site_name website éditeur journal المصدر مصدر الناشر الصحيفة الجريدة"
    " الموقع الوكالة المجلة",
    "url": "link href permalink web_url article_url news_url post_url uri lien adresse الرابط رابط رابط_الخبر رابط_المقال",
    "date": "published published_at publishedat publish_date published_date publication_date pub_date pubdate date_published"
    " datepublished post_date datetime created_at createdat timestamp date_de_publication date_publication التاريخ تاريخ"
    " تاريخ_النشر تاريخ_الخبر تاريخ_المقال",
    "category": "section topic rubrique catégorie القسم قسم التصنيف تصنيف الفئة الباب",
    "tags": "keywords labels hashtags categories mots_clés étiquettes الوسوم وسوم الكلمات_المفتاحية كلمات_مفتاحية"
    " الكلمات_الدلالية",
}
_FOLDS = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "\u0640": None, "\u200e": None, "\u200f": None}
)
_MARKS = re.compile("[\u064b-\u0652\u0670]")
_SPACES = re.compile(r"[\s_\-]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LANGUAGE = re.compile(r"_(?:ar|ara|arabic|عربي|بالعربيه|العربيه)$")
_SOLR = re.compile(r"_(?:txt_ar|txts|txt|t|s|ss|dt|pdt)$")
_TAG_SEPARATORS = re.compile("[,،;؛|\n]")
_CACHED_PLANS = 1000
_AFTER_ALL_NAMES = 1000
_TEXT_FIELDS = frozenset(("title", "body", "author", "source", "url", "category"))
_TRANSLATED = frozenset(("title", "body"))
_LONG_TEXT = 100
_SEARCHED_FOR_BODY = 200
_ESCAPE = re.compile(r"\\u06[0-9a-fA-F]{2}")
_ESCAPES = re.compile(r"(?:\\u[0-9a-fA-F]{4})+")
_ARABIC = re.compile("[\u0620-\u064a]")


def field_of(column: str) -> str | None:
    """Return our field for a column name, `None` if the table lacks it: `title` for `Title` and `العنوان`."""
    ranked = _ranked(column)
    return ranked[0] if ranked else None


def shadowing(names: Mapping[str, Any]) -> list[str]:
    """Return the sorted fields that `names` lacks and that a synonym among them would fill when read back."""
    return sorted({field for name in names if (field := field_of(name)) and field not in names})


def split_tags(text: str) -> list[str]:
    """Return the tags of one cell, separated by `,` `،` `;` `؛` `|` or line ends."""
    return [tag for part in _TAG_SEPARATORS.split(text) if (tag := part.strip())]


def checked_mapping(mapping: Mapping[str, str] | None) -> dict[str, str]:
    """Return a copy of `mapping` (our field to the source's column). Raises `InputError` if a name is blank."""
    for field, column in (mapping or {}).items():
        if not (field.strip() and column.strip()):
            raise InputError(f"cannot map {field!r} to {column!r}; write field=column, such as body=content")
    return dict(mapping or {})


class Plan(NamedTuple):
    """The renaming of records with the same columns."""

    moves: tuple[tuple[str, str, bool], ...]
    """(field, column, whether a synonym decided) for each column that is kept."""

    left_out: tuple[str, ...]
    """Columns with a field's name that gave way to a mapped column."""

    @property
    def fields(self) -> frozenset[str]:
        """The fields that the moves fill."""
        return frozenset(field for field, _, _ in self.moves)


class Columns:
    """The renaming of one source's records. `tell` receives each synonym used and each column left out once.

    With `exact`, a column fills a field only by the field's own name, apart from the id: records that change articles must
    not replace a body by a guess.
    """

    def __init__(self, mapping: Mapping[str, str], tell: Callable[[str], None], *, exact: bool = False) -> None:
        self.mapping = mapping
        self.exact = exact
        self._tell = tell
        self._told: set[str] = set()
        self._plans: dict[tuple[str, ...], Plan] = {}
        self._unseen = set(mapping.values())
        self._paths = [column for column in mapping.values() if "." in column]
        self._has_body = False
        self._searched = 0
        self._long_texts: dict[str, int] = {}
        self._advised = False

    def plan(self, columns: tuple[str, ...]) -> Plan:
        """Return the plan for records with these columns, in this order."""
        plan = self._plans.get(columns)
        if plan is None:
            plan = _plan(columns, self.mapping, only=frozenset(("id",)) if self.exact else None)
            self._unseen.difference_update(columns)
            for field, column, _ in plan.moves if self.exact else ():
                if field == column and (known := field_of(column)) and known != column:
                    self.tell_once(f"{column!r} is a field of its own; name the column {known} to change that field")
            for column in plan.left_out:
                self.tell_once(f"column {column!r} is left out because another column is mapped to it")
            if len(self._plans) < _CACHED_PLANS:
                self._plans[columns] = plan
        return plan

    def rename(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return `data` under our field names; `data` itself if it has no other names and nothing to join or decode.

        Lists of texts and objects with a name or a text become texts in text fields. A mapped column may be a dotted path.
        Arabic written as escapes (`\\u0627`) is decoded in a text without Arabic letters. Each is told once.
        """
        if self._paths:
            data = self._with_paths(data)
        if self.mapping or not data.keys() <= _OWN or any(_is_nested(data.get(name)) for name in _TEXT_FIELDS):
            data = self._renamed(data)
        if any(type(value) is str and "\\u06" in value for value in data.values()):
            data = {name: self._without_escapes(name, value) for name, value in data.items()}
        if not self._has_body and not self.exact:
            self._look_for_body(data)
        return data

    def _renamed(self, data: Mapping[str, Any]) -> dict[str, Any]:
        renamed: dict[str, Any] = {}
        kept: list[str] = []
        for field, column, by_synonym in self.plan(tuple(data)).moves:
            value = data[column]
            if field in _TEXT_FIELDS and _is_nested(value):
                if field in _TRANSLATED and (languages := translations(value)):
                    value = languages.pop("ar")
                    if languages:
                        self.tell_once(
                            f"of the languages under {column!r}, 'ar' is read; others are kept ({column}_en)"
                        )
                    renamed |= {f"{column}_{language}": text for language, text in languages.items()}
                else:
                    if field == "body" and "headings" not in data and (headings := rendered_headings(value)):
                        renamed["headings"] = headings
                    value = self._text(field, column, value)
            if not by_synonym:
                renamed[field] = value
            elif _suits(field, value):
                self.tell_once(f"{column!r} is read as {field}")
                renamed[field] = value
            else:
                kept.append(column)
                if field == "date" and value:
                    self.tell_once(f"values of {column!r} that are no dates stay under that name")
        for column in kept:
            renamed.setdefault(column, data[column])
        return renamed

    def _with_paths(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return `data` with the values of mapped dotted paths under their whole paths."""
        found = {}
        for path in self._paths:
            if path not in data and (value := at_path(data, path.removeprefix("_source."))) is not None:
                found[path] = value
        return {**data, **found} if found else data

    def _text(self, field: str, column: str, value: Any) -> Any:
        text = text_value(field, value)
        if isinstance(text, str):
            kind = "lists of text" if isinstance(value, list) else "objects"
            self.tell_once(f"{kind} under {column!r} are read as text")
        elif value:
            part = f"{column}.{next(iter(value))}" if isinstance(value, dict) else f"{column}.NAME"
            self.tell_once(
                f"objects under {column!r} have no certain text; read a part as text with --map {field}={part}"
            )
        return text

    def _without_escapes(self, name: str, value: Any) -> Any:
        if type(value) is not str or len(_ESCAPE.findall(value)) < 2 or _ARABIC.search(value):
            return value
        self.tell_once(f"Arabic written as \\u escapes under {name!r} is decoded")
        return _ESCAPES.sub(_decoded, value)

    def _look_for_body(self, data: Mapping[str, Any]) -> None:
        body = data.get("body")
        self._has_body = isinstance(body, str) and bool(body.strip())
        if not self._has_body and self._searched < _SEARCHED_FOR_BODY:
            self._searched += 1
            further = {name: value for name, value in data.items() if name not in _OWN}
            for path, length in long_texts(further, _LONG_TEXT):
                self._long_texts[path] = self._long_texts.get(path, 0) + length
            if self._searched == _SEARCHED_FOR_BODY:
                self._advise_body()

    def finish(self) -> None:
        """Tell which mapped columns no record had, and which column may be the body if none is."""
        for column in sorted(self._unseen):
            fields = ", ".join(field for field, source in self.mapping.items() if source == column)
            self.tell_once(f"no record has {column!r}, which was mapped to {fields}")
        self._advise_body()

    def _advise_body(self) -> None:
        if self._long_texts and not self._has_body and not self._advised:
            self._advised = True
            longest = max(self._long_texts, key=lambda path: self._long_texts[path])
            advice = f"--map body={longest} (mapping={{'body': {longest!r}}})"
            self.tell_once(f"no column is the body, and {longest!r} holds long text; read it with {advice}")

    def tell_once(self, message: str) -> None:
        """Tell `message` unless it was told before."""
        if message not in self._told:
            self._told.add(message)
            self._tell(message)


_OWN = frozenset(KNOWN_FIELDS)


@functools.cache
def _ranks() -> dict[str, tuple[str, int]]:
    """Return the field and the rank of each folded name: 0 for the field's own name, then the order of the table."""
    ranks = {field: (field, 0) for field in KNOWN_FIELDS}
    for field, names in _SYNONYMS.items():
        for rank, name in enumerate(names.split(), start=1):
            ranks.setdefault(_fold(name), (field, rank))
    return ranks


@functools.lru_cache(maxsize=4096)
def _ranked(column: str) -> tuple[str, int] | None:
    """Return the field and the rank of a column, `None` if the table lacks it.

    After the names of the table come the same names in camel case, then those with a sign of Arabic (`title_ar`) or the type
    of a dynamic field of Solr (`content_txt_ar`) at the end.
    """
    ranks = _ranks()
    name = _fold(column)
    if found := ranks.get(name) or ranks.get(_fold(_HUMP.sub("_", column))):
        return found
    for ending in (_LANGUAGE, _SOLR):
        bare = ending.sub("", name)
        if bare != name and (found := ranks.get(bare)):
            return found[0], found[1] + _AFTER_ALL_NAMES
    return None


@functools.lru_cache(maxsize=4096)
def _fold(name: str) -> str:
    folded = _MARKS.sub("", unicodedata.normalize("NFKC", name)).translate(_FOLDS).casefold()
    return _SPACES.sub("_", folded.strip())


def _plan(columns: tuple[str, ...], mapping: Mapping[str, str], only: frozenset[str] | None = None) -> Plan:
    """Return the plan: mapped columns first, then own names, then synonyms and further fields in column order.

    Synonyms fill the fields of `only`; all fields without it.
    """
    moves = [(field, column, False) for field, column in mapping.items() if column in columns]
    # a mapped field is filled by its column or not at all, even where that column is missing
    filled = set(mapping)
    consumed = set(mapping.values())
    left_out: list[str] = []
    own = [column for column in columns if column in _OWN and column not in filled]
    moves += [(column, column, False) for column in own]
    filled.update(own)
    free = [column for column in columns if column not in consumed]
    synonyms = _synonyms(free, filled if only is None else filled | (set(KNOWN_FIELDS) - only))
    for column in free:
        if column in synonyms:
            moves.append((synonyms[column], column, True))
        elif column in filled and column not in own:
            left_out.append(column)
        elif column not in _OWN:
            moves.append((column, column, False))
    return Plan(tuple(moves), tuple(left_out))


def _synonyms(columns: list[str], filled: set[str]) -> dict[str, str]:
    """Return the columns that fill a field by a synonym, best synonyms first, and add the fields to `filled`."""
    ranked = sorted(
        (rank, place, field, column)
        for place, column in enumerate(columns)
        if column not in _OWN
        for field, rank in filter(None, [_ranked(column)])
    )
    synonyms = {}
    for _, _, field, column in ranked:
        if field not in filled:
            synonyms[column] = field
            filled.add(field)
    return synonyms


def _is_nested(value: Any) -> bool:
    return type(value) is list or type(value) is dict


def _decoded(escapes: re.Match[str]) -> str:
    return (
        escapes[0]
        .encode("ascii")
        .decode("unicode_escape")
        .encode("utf-16", "surrogatepass")
        .decode("utf-16", "replace")
    )


def _suits(field: str, value: object) -> bool:
    """Return whether a value under a synonym of `field` fits the field."""
    if field == "tags":
        return isinstance(value, (str, list))
    if field == "id":
        return isinstance(value, (str, int)) and not isinstance(value, bool)
    if field == "date":
        return isinstance(value, str) or (type(value) is not bool and read_date(value) is not None)
    return isinstance(value, str)
