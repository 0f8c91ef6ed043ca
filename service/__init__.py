"""The command line: charts in, results out."""
