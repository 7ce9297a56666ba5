"""`python -m onebyone`: the command line."""

import sys

from onebyone.cli.main import main

sys.exit(main())
