"""The report as one page to look at: no other file, no network, the charts inside."""

from evals.page.collected import Collected
from evals.page.write import write_page

__all__ = ["Collected", "write_page"]
