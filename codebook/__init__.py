"""What the books say on a date: codes and their notes, guidelines, edits, payers; and which codes words lead to."""
