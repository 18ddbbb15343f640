"""The hits of a page.

| module      | holds                                                                                        |
|-------------|----------------------------------------------------------------------------------------------|
| tiers       | `Tiers`: pages of complete documents and then the others, collapsed by a field or not         |
| duplicates  | pages of the first documents of near-duplicates                                              |
"""
