"""Deterministic checks on coded charts: one rule a file, findings out, and one pure function that routes."""
