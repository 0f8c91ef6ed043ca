"""Masking: identifiers replaced and dates shifted before a chart is sent, so that every offset holds and all can be put back."""

from agent.masking.mask import Mask, MaskError, mask

__all__ = ["Mask", "MaskError", "mask"]
