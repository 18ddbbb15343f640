"""The objects that exports wrap around an article and its values, taken off where they are certain.

Sources: the Elasticsearch search API (`_source`); MongoDB Extended JSON (v1 and v2); the WordPress REST API (`rendered`);
the Twitter archive (tweets.js, note-tweet.js, like.js); `dumpdata` of Django (`pk`, `fields`); JSON:API 1.1 (`attributes`);
`_all_docs` and views of CouchDB (`doc`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from html import unescape
from typing import Any

from arsearch.dates.timestamps import from_epoch, iso_date
from arsearch.readers.exports.rich_text import paragraphs
from arsearch.readers.html.text import headed_text, html_to_text

__all__ = ["is_wrapping", "looks_wrapped", "rendered_headings", "text_value", "translations", "unwrapped"]

_DEEPEST = 100
_TEXTS = ("title", "body", "text", "content", "headline", "fullText", "full_text", "العنوان", "النص", "المحتوى")
_HIT_FIELDS = frozenset(
    "sort highlight fields matched_queries inner_hits ignored_field_values found took timed_out".split()
)
_RESOURCE = frozenset(("type", "id", "attributes", "links", "relationships", "meta"))
_ROW = frozenset(("id", "key", "value", "doc"))
_RENDERED = frozenset(("rendered", "raw", "protected", "block_version"))
_NAMES = ("name", "display_name", "displayname", "full_name", "title", "label", "value", "#text", "$t", "_", "text")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?")
_TELEGRAM_PARTS = frozenset(
    "plain bold italic underline strikethrough code pre link text_link mention mention_name hashtag cashtag bot_command"
    " email phone spoiler custom_emoji blockquote bank_card unknown".split()
)


def looks_wrapped(data: Mapping[str, Any]) -> bool:
    """Return whether `unwrapped` may change `data`. Most articles have only texts and numbers."""
    return any(type(value) is dict or type(value) is list for value in data.values())


def is_wrapping(data: Mapping[str, Any]) -> bool:
    """Return whether an object is only a wrapping around an article."""
    name = "_source" if "_source" in data else next(iter(data), "") if len(data) == 1 else ""
    return name in ("_source", "tweet", "noteTweet") and isinstance(data[name], dict)


def unwrapped(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the article inside a hit, a tweet or another wrapping, with the values of Extended JSON as plain ones."""
    source = data.get("_source")
    if isinstance(source, dict) and all(name.startswith("_") or name in _HIT_FIELDS for name in data):
        data = {**source, **({"_id": data["_id"]} if "_id" in data and "_id" not in source else {})}
    elif isinstance(fields := data.get("fields"), dict) and "_source" not in data and "_id" in data:
        values = {name: item[0] if isinstance(item, list) and len(item) == 1 else item for name, item in fields.items()}
        data = {"_id": data["_id"], **values}
    elif isinstance(fields, dict) and data.keys() <= {"model", "pk", "fields"}:
        data = {**fields, "model": data.get("model"), **({"id": data["pk"]} if data.get("pk") is not None else {})}
    elif isinstance(fields := data.get("attributes"), dict) and {"type", "id"} <= data.keys() <= _RESOURCE:
        data = {**fields, "id": data["id"], "type": data["type"]}
    elif isinstance(fields := data.get("doc"), dict) and data.keys() <= _ROW and "_id" in fields:
        data = fields
    elif len(data) == 1:
        if isinstance(tweet := data.get("tweet"), dict):
            data = _tweet(tweet)
        elif isinstance(note := data.get("noteTweet"), dict):
            core = note.get("core")
            data = {"id": note.get("noteTweetId"), "date": note.get("createdAt"), "updated": note.get("updatedAt")} | (
                {"body": core.get("text")} if isinstance(core, dict) else {}
            )
        elif isinstance(inner := next(iter(data.values())), dict) and _is_article(inner):
            data = inner
    return {name: _plain(value, 0) for name, value in data.items()}


def _is_article(data: Mapping[str, Any]) -> bool:
    """Return whether an object that stands alone in another has a text under a common name."""
    return any(isinstance(data.get(name), (str, list)) for name in _TEXTS)


def _tweet(tweet: Mapping[str, Any]) -> dict[str, Any]:
    data = dict(tweet)
    if isinstance(text := data.get("full_text"), str):
        data["full_text"] = unescape(text)  # Twitter escapes &, < and >
    if isinstance(date := data.get("created_at"), str):
        data["created_at"] = iso_date(date)
    if isinstance(id := data.get("id_str"), str):
        data["id"] = id  # the number may have been rounded
    entities = data.get("entities")
    hashtags = entities.get("hashtags") if isinstance(entities, dict) else None
    if isinstance(hashtags, list) and "tags" not in data:
        tags = [tag["text"] for tag in hashtags if isinstance(tag, dict) and isinstance(tag.get("text"), str)]
        if tags:
            data["tags"] = tags
    return data


def _plain(value: Any, depth: int) -> Any:
    """Return a value of Extended JSON as a plain one; lists and objects are changed inside."""
    if depth > _DEEPEST:
        return value
    if type(value) is list:
        return [_plain(item, depth + 1) for item in value]
    if type(value) is not dict:
        return value
    if len(value) == 1:
        name = next(iter(value))
        if name in _EXTENDED:
            return _EXTENDED[name](value[name])
    return {name: _plain(item, depth + 1) for name, item in value.items()}


def _date(value: Any) -> Any:
    if isinstance(value, dict):
        value = _plain(value, 0)
    if isinstance(value, str) and value.lstrip("-").isdecimal() and len(value) > 8:
        value = int(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return from_epoch(value / 1000) or value  # always milliseconds
    return value


def _integer(value: Any) -> Any:
    try:
        return int(value)
    except (TypeError, ValueError):
        return value


def _float(value: Any) -> Any:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return value
    return number if math.isfinite(number) else None


def _timestamp(value: Any) -> Any:
    seconds = value.get("t") if isinstance(value, dict) else None
    return from_epoch(seconds) if isinstance(seconds, int) else value


_EXTENDED: dict[str, Callable[[Any], Any]] = {
    "$oid": lambda value: value,
    "$uuid": lambda value: value,
    "$symbol": lambda value: value,
    "$numberDecimal": lambda value: value,
    "$date": _date,
    "$numberInt": _integer,
    "$numberLong": _integer,
    "$numberDouble": _float,
    "$timestamp": _timestamp,
    "$undefined": lambda _: None,
}


def text_value(field: str, value: Any) -> Any:
    """Return the text of a list or an object in a text field, or the value itself if its text is not certain.

    Paragraphs of a body are joined by line ends, authors by commas; parts of one message, as Telegram has them, are
    joined without anything between. `rendered` is HTML and becomes text.
    """
    if type(value) is dict:
        text = _text_of_object(value)
        if text is value and field in ("title", "body") and (texts := paragraphs(value)):
            return ("\n" if field == "body" else " ").join(texts)
        return text
    if type(value) is not list or not value:
        return value
    parts = [item if isinstance(item, str) else _text_of_object(item) for item in value]
    texts = [part for part in parts if isinstance(part, str)]
    if len(texts) < len(parts):
        if not (texts := paragraphs(value)):
            return value
        return ("\n" if field == "body" else " ").join(texts)
    if _is_message(value):
        return "".join(texts)
    separator = {"body": "\n", "author": "، ", "title": " ", "source": "، "}.get(field, ", ")
    return separator.join(text for text in texts if text.strip())


def rendered_headings(value: Any) -> list[dict[str, Any]]:
    """Return the headings of a body whose text `text_value` makes of HTML under `rendered`; none for another value."""
    is_html = type(value) is dict and isinstance(value.get("rendered"), str) and value.keys() <= _RENDERED
    return headed_text(value["rendered"])[1] if is_html else []


def translations(value: Any) -> dict[str, str]:
    """Return the texts of an object that names a language for each (`{"ar": "...", "en": "..."}`); empty for any other value.

    The text in Arabic is under `ar`.
    """
    if type(value) is not dict or not all(_LANGUAGE.fullmatch(name) and isinstance(value[name], str) for name in value):
        return {}
    arabic = next((name for name in value if name.lower().startswith("ar") and value[name].strip()), None)
    return {"ar" if name == arabic else name: text for name, text in value.items()} if arabic else {}


def _is_message(parts: list[Any]) -> bool:
    objects = [part for part in parts if isinstance(part, dict)]
    return bool(objects) and all(part.get("type") in _TELEGRAM_PARTS for part in objects)


def _text_of_object(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if isinstance(rendered := value.get("rendered"), str) and value.keys() <= _RENDERED:
        return html_to_text(rendered)
    for name in _NAMES:
        if isinstance(text := value.get(name), str) and text.strip():
            return text
    return value
