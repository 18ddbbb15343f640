"""A chat of Telegram (`result.json` of Telegram Desktop) as articles: one for each message with text.

Source: the JSON export of Telegram Desktop 5 (messages with `type`, `date`, `from`, `text`; service messages without text).
An account has its chats under `chats` and `left_chats`, in a `list`; programs that copy the format write the lists alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["chat_title", "chats_of", "is_chat", "message_article"]


def is_chat(data: Mapping[str, Any]) -> bool:
    """Return whether an object is a chat with messages."""
    messages = data.get("messages")
    if not isinstance(messages, list) or not messages or not isinstance(messages[0], dict):
        return False
    return "date" in messages[0] and "type" in messages[0]


def chats_of(data: Mapping[str, Any]) -> list[Any] | None:
    """Return the chats of the export of an account; `None` for another object."""
    found: list[Any] = []
    for name in ("chats", "left_chats"):
        chats = data.get(name)
        chats = chats.get("list") if isinstance(chats, dict) else chats
        if isinstance(chats, list) and any(isinstance(chat, dict) and "messages" in chat for chat in chats):
            found += chats
    return found or None


def chat_title(header: Mapping[str, Any]) -> str:
    """Return the name of a chat, else its type and number."""
    name = header.get("name")
    return (
        name if isinstance(name, str) and name else f"{header.get('type') or 'chat'} {header.get('id') or ''}".strip()
    )


def message_article(message: Mapping[str, Any], header: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the article of a message, `None` if it has no text, such as one that somebody joined the group.

    The id joins those of the chat and of the message, because every chat counts its messages from 1.
    """
    if message.get("type", "message") != "message":
        return None
    if not (text := _text(message)):
        return None
    chat = header.get("id") or chat_title(header)
    article = {
        "id": f"{chat}-{message.get('id')}",
        "body": text,
        "date": message.get("date"),
        "author": message.get("from") or message.get("actor"),
        "source": chat_title(header),
        "forwarded_from": message.get("forwarded_from"),
        "reply_to": message.get("reply_to_message_id"),
        "edited": message.get("edited"),
    }
    return {name: value for name, value in article.items() if value}


def _text(message: Mapping[str, Any]) -> Any:
    """Return the text of a message, the longer of its two forms; of a poll, the question and the answers."""
    text = message.get("text")
    entities = message.get("text_entities")
    if isinstance(entities, list):
        parts = [part.get("text") for part in entities if isinstance(part, dict)]
        whole = "".join(part for part in parts if isinstance(part, str))
        if isinstance(text, str) and len(whole) > len(text):
            text = whole
    poll = message.get("poll")
    if text or not isinstance(poll, dict):
        return text
    lines = [poll.get("question")]
    if isinstance(answers := poll.get("answers"), list):
        lines += [answer.get("text") for answer in answers if isinstance(answer, dict)]
    return "\n".join(line for line in lines if isinstance(line, str) and line)
