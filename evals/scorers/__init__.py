"""The scorers, in the order of the report. Each says what it counts on a chart and how that is aggregated."""

from evals.aggregate import Scorer
from evals.scorers.category import CATEGORY
from evals.scorers.charts import CHARTS
from evals.scorers.codes import CODES, MACRO
from evals.scorers.coverage import COVERAGE
from evals.scorers.errors import ERRORS
from evals.scorers.evidence import EVIDENCE
from evals.scorers.leading import LEADING
from evals.scorers.poa import POA
from evals.scorers.queries import QUERIES
from evals.scorers.routing import ROUTING
from evals.scorers.traps import TRAPS
from evals.scorers.usage import USAGE

BY_NAME: dict[str, tuple[Scorer, ...]] = {
    "charts": (CHARTS,),
    "codes": (CODES, MACRO),
    "category": (CATEGORY,),
    "leading": (LEADING,),
    "poa": (POA,),
    "evidence": (EVIDENCE,),
    "traps": (TRAPS,),
    "queries": (QUERIES,),
    "routing": (ROUTING,),
    "coverage": (COVERAGE,),
    "errors": (ERRORS,),
    "usage": (USAGE,),
}
SCORERS: tuple[Scorer, ...] = tuple(scorer for scorers in BY_NAME.values() for scorer in scorers)
