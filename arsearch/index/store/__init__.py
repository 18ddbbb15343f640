"""Where the files of an index are stored: a folder on disk or memory, with a write lock.

| module     | holds                                                                                              |
|------------|----------------------------------------------------------------------------------------------------|
| directory  | the `Directory` protocol, and `FSDirectory`, a folder whose files appear whole or not at all       |
| memory     | `RAMDirectory`, a directory in memory                                                              |
| filesystem | the calls to the operating system, which tests and the crash campaign replace                      |
| lock       | the write lock of a folder                                                                         |
| background | steps that run in background threads                                                               |

The content of the files belongs to `arsearch.index.codec` and `arsearch.index.commits`.
"""
