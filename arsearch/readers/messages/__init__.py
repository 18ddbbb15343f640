"""Mail and subtitles, read with the standard library.

| module | holds |
|---|---|
| `mail` | the readers of single messages and of mailboxes |
| `mailboxes` | a mailbox cut into messages |
| `mime` | the text and the attachments of one message |
| `mail_text` | headers and bodies decoded to text |
| `subtitles` | the readers of SubRip and WebVTT |
"""
