"""What a model may call, one file each. The list below is the allow-list: nothing else can be called."""

from tools.check_payer import check_payer
from tools.draft_query import draft_query
from tools.find_mentions import find_mentions
from tools.list_conditions import list_conditions
from tools.lookup_guideline import lookup_guideline
from tools.read_chart import read_chart
from tools.read_code import read_code
from tools.read_section import read_section
from tools.search_codes import search_codes
from tools.tool import Desk, Tool, ToolError

TOOLS: dict[str, Tool] = {
    tool.name: tool
    for tool in (
        Tool.of(read_chart),
        Tool.of(read_section),
        Tool.of(find_mentions),
        Tool.of(list_conditions),
        Tool.of(search_codes),
        Tool.of(read_code),
        Tool.of(lookup_guideline),
        Tool.of(check_payer),
        Tool.of(draft_query),
    )
}

__all__ = ["TOOLS", "Desk", "Tool", "ToolError"]
