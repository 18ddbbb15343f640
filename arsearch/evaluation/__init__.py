"""Evaluation of search results: queries, relevance judgements (qrels), runs, and the measures over them.

    queries      test queries, from JSON lines, tab-separated values or TREC topics
    topics       TREC topic files
    qrels        relevance judgements, from TREC or tab-separated files
    run          `make_run`, the ranked documents of each query; TREC run files, read and written
    metrics      nDCG@10, MRR, MAP, recall@100 and success@5, per query and on average
    comparison   a paired bootstrap of two runs over groups of queries, and Holm's correction
    settings     `Setting`, the options of a search as text such as `k1=1.5`
    report       `Report`, the measures of one setting, alone or against another
    files        numbered lines and columns of a file, and errors that name the line

The package takes anything with a `search` method; it neither makes judgements nor ships a collection. The measures are
computed by `ir-measures`, which the extra `eval` installs; the other modules need no further package.
"""

from arsearch.evaluation.comparison import Comparison, compare, holm, query_groups
from arsearch.evaluation.metrics import METRICS, Evaluation, evaluate, score_run
from arsearch.evaluation.qrels import Qrels, read_qrels
from arsearch.evaluation.queries import Query, read_queries
from arsearch.evaluation.report import Report
from arsearch.evaluation.run import Run, make_run, read_run, write_run
from arsearch.evaluation.settings import Setting, read_setting

__all__ = [
    "METRICS",
    "Comparison",
    "Evaluation",
    "Qrels",
    "Query",
    "Report",
    "Run",
    "Setting",
    "compare",
    "evaluate",
    "holm",
    "make_run",
    "query_groups",
    "read_qrels",
    "read_queries",
    "read_run",
    "read_setting",
    "score_run",
    "write_run",
]
