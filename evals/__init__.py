"""Suites and scores: how well charts are coded, what the rules catch, what search finds."""
