"""Build segments in worker processes, for an index in a folder.

pool      starts the workers, hands out batches of articles and collects segments
worker    the program of a worker process
protocol  the messages between the two

The package is not for commits: the index writer adopts the segments and commits them.
"""
