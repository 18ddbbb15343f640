"""Load files into an index on a cluster with Dask, one file a task, while the old index answers.

    pip install 'arsearch[opensearch]' dask
    python load_with_dask.py 'opensearch://search1:9200/news?shards=3' archive/*.jsonl

Here the tasks run in processes of this machine. With dask.distributed they run on many: make a `Client("scheduler:8786")`, leave
`scheduler` out, and give the workers the same version of arsearch, the files, and the credentials in their environment.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import dask

import arsearch
from arsearch.opensearch import begin_load, discard_load, feed, finish_load


def load_file(path: str, new: str, part: int) -> arsearch.AddReport:
    """Feed the articles of one file: a task. The number of the part keeps the order of the files."""
    return feed(arsearch.read_articles(path), new, part=part)


def load(paths: Sequence[str], location: str, workers: int) -> arsearch.AddReport:
    """Load files into a new index, and give it the name of the one at `location`."""
    new = begin_load(location)
    try:
        tasks = [dask.delayed(load_file)(path, new, part) for part, path in enumerate(paths)]
        reports = dask.compute(*tasks, scheduler="processes", num_workers=workers)
        return finish_load(new, location, reports)
    except BaseException:
        discard_load(new)
        raise


if __name__ == "__main__":
    report = load(sys.argv[2:], sys.argv[1], workers=2)
    print(f"{report.added:,} articles added, {report.failures:,} failed")
