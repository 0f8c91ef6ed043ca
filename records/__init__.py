"""The nouns: chart, encounter, code, evidence, finding, query, result; and how a chart is read from what comes in."""
