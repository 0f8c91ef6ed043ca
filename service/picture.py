"""The picture of one result for the README: ``python -m service.picture CHART SVG``."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console

from service import coding, inputs
from service.output import describer
from service.render import show_result

WIDTH = 118
# The picture asks no other site for its fonts.
_FORMAT = re.sub(r"@font-face \{\{.*?\}\}|<!--.*?-->", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)


def main(chart: Path, picture: Path) -> None:
    """Code the chart with the offline model and write what a person would see as SVG."""
    console = Console(
        record=True, width=WIDTH, file=io.StringIO(), highlight=False, markup=False, emoji=False, force_terminal=True
    )
    for done in coding.code_all(inputs.charts([chart], {}), inputs.open_model("offline"), inputs.open_policy("straight_through")):
        show_result(console, done.result, done.chart, describer(done.chart))
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_text(console.export_svg(title=f"chartproof code {chart.name}", code_format=_FORMAT), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
