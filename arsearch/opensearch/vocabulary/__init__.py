"""The terms and texts of a commit on a cluster, for corrections, completions and statistics.

| module         | holds                                                                                     |
|----------------|-------------------------------------------------------------------------------------------|
| close_terms    | the terms near a word, from the cluster's own dictionaries of terms                       |
| cluster_terms  | `ClusterTerms`: the answers of a commit to `arsearch.suggest`                             |
| term_counts    | the numbers of distinct terms, estimated for large indexes                                |
"""
