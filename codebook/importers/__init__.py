"""Readers of official files as they are published, one form a file."""
