"""The index that a location names: how it is made, described, committed, and replaced by another one.

| module   | holds                                                                                           |
|----------|-------------------------------------------------------------------------------------------------|
| commits  | `Commit`: the document that numbers the commits of an index                                     |
| about    | makes an index, and reads its analyzer and fields; errors for foreign and old indexes            |
| aliases  | a successor of an index, built beside it, that takes its name over                               |
| merging  | merges the segments of an index, in a task of the cluster                                       |
| reindex  | analyses all stored articles again, in a successor                                               |

A module imports only from the modules above it.
"""
