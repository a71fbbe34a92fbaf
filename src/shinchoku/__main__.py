"""``python -m shinchoku``: the same as the console command."""

import sys

from shinchoku.cli import main

sys.exit(main())
