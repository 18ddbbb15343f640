"""Bulk requests: the operations of one commit wait in a file, and are then sent.

| module    | holds                                                                                          |
|-----------|------------------------------------------------------------------------------------------------|
| spool     | `Spool`: the operations since the last commit, in a temporary file                             |
| preparing | `Preparer`: an item as the operations of its documents                                         |
| workers   | worker processes that make items ready                                                         |
| requests  | `Bulk`: requests that are sent until the cluster has taken or refused each operation           |
"""
