"""How good are the results? Queries, judgements, runs and the measures over them.

    files      numbered lines of a file, with errors that say where
    queries    id and text of each query, from JSON lines or tab-separated values
    qrels      which document answers which query, from TREC or tab-separated values
    run        what a search returned for each query; TREC run files, both ways
    metrics    nDCG@10, MRR, MAP, recall@100, success@5, per query and on average
    comparison is one run better than another? A paired bootstrap over groups of queries; Holm's correction
    settings   what a search can be run with, as text such as `k1=1.5`
    report     one setting's figures, perhaps beside another's

The measures are computed by `ir-measures`, which the extra `eval` installs; everything else needs nothing.
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
