"""Several indexes of any back-ends searched as one, with the scores of one index that has all their articles.

| module      | holds                                                                                     |
|-------------|-------------------------------------------------------------------------------------------|
| member      | the protocols of a back-end whose indexes can be searched together with others            |
| fields      | the fields of several indexes together                                                    |
| collection  | `Collection`: the figures of scores, summed over all members                              |
| merging     | one page from the documents of all members                                                |
| terms       | `FederatedTerms`: the terms of all members, for corrections and completions               |
| view        | `FederatedView`: one commit of each member                                                |
| backend     | `JoinedBackend`: several indexes, for reading                                             |
| joining     | which articles later indexes replace, and the view of several views                       |

The members of a plan count its clauses first. Each then scores its own documents with the sums, so scores do not depend on the
index that an article is in.
"""
