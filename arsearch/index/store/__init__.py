"""Where the files of an index live: a directory on disk or in memory, and its write lock.

directory   the Directory protocol, a folder on disk, a directory in memory
lock        the write lock of a folder
background  a thread that runs steps in order; iterables computed ahead of use
"""
