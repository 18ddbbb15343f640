"""The promises of `Index` as tests, for every back-end.

| module        | holds                                                                                  |
|---------------|----------------------------------------------------------------------------------------|
| toy           | `ToyServer`, `ToyBackend`, `ToyWriter`: a back-end of lists and dictionaries           |
| toy_view      | `ToyView`: plans in, pages, totals, facets and explanations out                        |
| toy_scoring   | `Scoring`: which documents match a clause, and how they score                          |
| toy_documents | `Document`: an analysed article                                                        |
| corpus        | the articles that the promises are about                                               |
| conftest      | the back-ends, and the fixtures that open them                                         |

The toy keeps every promise and has no speed. It knows nothing of `arsearch.index`, so that a promise which only the
embedded index can keep is noticed.
"""
