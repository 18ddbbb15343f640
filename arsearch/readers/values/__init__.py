"""Single values of records.

| module | holds |
|---|---|
| `ids` | ids for articles that have none |
| `nested` | values inside objects, by dotted paths |
| `timestamps` | the time stamps of machine formats |
"""
