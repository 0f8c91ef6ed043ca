"""The command line: thin. What a command does lives in the rooms; here it is named, and its exit code decided.

Exit codes: 0 done, 1 done but some charts failed, 2 usage or input error, 130 stopped by Ctrl-C. Errors are one line on
stderr each and hold no chart text; results go to standard output as each chart is done.
"""

from service.cli.app import main

__all__ = ["main"]
