"""Many searches at once: from coroutines, in threads, and in batches shared by processes.

batch      answers a batch, in this process or in several
single     answers one query of a batch
options    the parameters of a search, as a typed dictionary
threads    `SearchThreads`, the threads of one index, which answer coroutines
processes  answers a batch with worker processes
worker     the program of a worker process
transport  results between processes: hits without their articles
"""
