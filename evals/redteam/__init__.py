"""The red team: drafts with exactly one seeded error each, and how many of them the rules catch."""
