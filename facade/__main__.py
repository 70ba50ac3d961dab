"""`python -m puresponse`: the command line."""

import sys

from puresponse.cli import main

if __name__ == "__main__":
    sys.exit(main())
