"""The offline model: a deterministic policy over the tools, the embedded default."""

from agent.models.offline.model import OfflineModel

__all__ = ["OfflineModel"]
