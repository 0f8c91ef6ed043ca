"""Prompts as released versions, rendered with their examples."""
