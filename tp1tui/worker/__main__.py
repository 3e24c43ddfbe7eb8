"""python -m tp1tui.worker RUN_FOLDER [--device NAME]."""

import sys

from tp1tui.worker.main import main

sys.exit(main())
