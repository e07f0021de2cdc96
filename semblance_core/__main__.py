"""`python -m semblance_core`: the same operations from the shell."""

import sys

from semblance_core.cli import main

sys.exit(main())
