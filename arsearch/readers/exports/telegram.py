"""A chat of Telegram (`result.json` of Telegram Desktop) as articles: one for each message with text.

Source: the JSON export of Telegram Desktop 5 (messages with `type`, `date`, `from`, `text`; service messages without text).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["chat_title", "is_chat", "message_article"]


def is_chat(data: Mapping[str, Any]) -> bool:
    """Return whether an object is a chat with messages."""
    messages = data.get("messages")
    if not isinstance(messages, list) or not messages or not isinstance(messages[0], dict):
        return False
    return "date" in messages[0] and "type" in messages[0]


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
    if message.get("type", "message") != "message" or not message.get("text"):
        return None
    chat = header.get("id") or chat_title(header)
    article = {
        "id": f"{chat}-{message.get('id')}",
        "body": message["text"],
        "date": message.get("date"),
        "author": message.get("from") or message.get("actor"),
        "source": chat_title(header),
        "forwarded_from": message.get("forwarded_from"),
        "reply_to": message.get("reply_to_message_id"),
        "edited": message.get("edited"),
    }
    return {name: value for name, value in article.items() if value}
