"""Programs killed in the middle of what they do again and again."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path


def run_and_kill(code: str, folder: Path, seconds: float) -> None:
    """Run ``code`` in ``folder``; once it has said a line, it has so many seconds to live (SIGKILL)."""
    process = subprocess.Popen([sys.executable, "-c", code], cwd=folder, stdout=subprocess.PIPE)
    with process:
        assert process.stdout.readline(), "it ended before it began"
        time.sleep(seconds)
        assert process.poll() is None, "it ended by itself"
        process.kill()
