"""What databases, search engines and chats export, as articles.

| module | holds |
|---|---|
| `wrappings` | objects around an article: `_source`, `$oid`, `rendered`, `tweet` |
| `rich_text` | the text of rich text that editors store as JSON |
| `bulk` | the bulk files of Elasticsearch and OpenSearch: an action, then its source |
| `nested_array` | a large array inside an object, such as `hits.hits`, read as a stream |
| `telegram` | the messages of a chat in Telegram's `result.json` |
| `whatsapp`, `whatsapp_lines` | the messages of a chat that WhatsApp exports as text |
"""
