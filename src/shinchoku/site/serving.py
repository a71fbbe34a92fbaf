"""The site on this machine, made again whenever a file of the package or of ``docs/`` changes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

from shinchoku import files, pages, paths
from shinchoku.package.descriptor import PackageError
from shinchoku.site.building import STAGED, BuildError, Say, generator_environment, stage

_TEMPLATES = Path(pages.__file__).parent / "templates"
#: Seconds between two looks at the files.
_INTERVAL = 0.5


def serve(project: Path, port: int = 8000, say: Say = print) -> None:
    """Show the site on this machine until Ctrl-C; edits of data and texts appear by themselves."""
    with socket.socket() as place:  # refused here in our words, not later in those of the generator
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, os.name != "nt")
        place.bind(("127.0.0.1", port))
    docs = project / STAGED
    environment = generator_environment(project, project, docs, stage(project, project, docs))
    command = [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", f"127.0.0.1:{port}"]
    command += ["--watch", str(_TEMPLATES)]
    if (project / paths.GLOSSARY).exists():  # it is no page, so nothing staged tells that it has changed
        command += ["--watch", str(project / paths.GLOSSARY)]
    stop = threading.Event()
    watcher = threading.Thread(target=watch, args=(project, docs, stop, say), daemon=True)
    watcher.start()
    say(f"http://127.0.0.1:{port}/ をブラウザで開いてください。終わるには Ctrl-C を押します。")
    process = subprocess.Popen(command, cwd=project, env=environment)
    try:
        code = process.wait()
    except KeyboardInterrupt:
        say("終わりました。")
        return
    finally:
        process.terminate()
        process.wait()
        stop.set()
        watcher.join()
    if code != 0:
        raise BuildError(f"サイトを表示できませんでした。ポート{port}が使われていないか確かめてください。")


def watch(project: Path, docs: Path, stop: threading.Event, say: Say) -> None:
    """Stage now and whenever a file of the package or of ``docs/`` changes, until ``stop``."""
    seen = None
    while not stop.wait(_INTERVAL):
        state = _state(project)
        if state == seen:
            continue
        seen = state
        try:
            stage(project, project, docs)
        except (BuildError, PackageError) as error:
            say(f"まだ表示に反映できません：{error}")
        except OSError as error:
            say(f"まだ表示に反映できません：{error.filename}: {files.reason(error)}")


def _state(project: Path) -> dict[str, tuple[int, int]]:
    watched = [project / paths.DESCRIPTOR]
    for folder in (project / paths.DATA, project / paths.RELEASES, project / "docs"):
        watched += folder.rglob("*")
    found = {}
    for path in watched:
        try:
            stat = path.stat()
        except FileNotFoundError:  # an editor replaced it between listing and looking
            continue
        found[str(path)] = (stat.st_mtime_ns, stat.st_size)
    return found
