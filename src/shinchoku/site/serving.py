"""The site on this machine, made again whenever a file of the project changes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

from shinchoku import files, pages, paths
from shinchoku.package.descriptor import PackageError
from shinchoku.site import configuration
from shinchoku.site.building import STAGED, Say, generator_environment
from shinchoku.site.staging import BuildError, stage

_TEMPLATES = Path(pages.__file__).parent / "templates"
#: Seconds between two looks at the files.
_INTERVAL = 0.5


def serve(project: Path, port: int = 8000, say: Say = print) -> None:
    """Show the site on this machine until Ctrl-C; edits of data and texts appear by themselves."""
    with socket.socket() as place:  # refused here in our words, not later in those of the generator
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, os.name != "nt")
        place.bind(("127.0.0.1", port))
    project = project.resolve()  # the generator runs elsewhere
    workshop = project / STAGED
    environment = generator_environment(project, workshop, stage(project, workshop))
    command = [sys.executable, "-m", "mkdocs", "serve", "--watch-theme", "--dev-addr", f"127.0.0.1:{port}"]
    command += ["--watch", str(_TEMPLATES)]
    if (project / paths.GLOSSARY).exists():  # it is no page, so nothing staged tells that it has changed
        command += ["--watch", str(project / paths.GLOSSARY)]
    stop = threading.Event()
    watcher = threading.Thread(target=watch, args=(project, workshop, stop, say), daemon=True)
    watcher.start()
    say(f"http://127.0.0.1:{port}/ をブラウザで開いてください。終わるには Ctrl-C を押します。")
    process = subprocess.Popen(command, cwd=workshop, env=environment)
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


def watch(project: Path, workshop: Path, stop: threading.Event, say: Say) -> None:
    """Stage now and whenever a file of the project changes, until ``stop``."""
    seen = None
    while not stop.wait(_INTERVAL):
        state = _state(project)
        if state == seen:
            continue
        seen = state
        try:
            stage(project, workshop)
        except (BuildError, PackageError) as error:
            say(f"まだ表示に反映できません：{error}")
        except OSError as error:
            say(f"まだ表示に反映できません：{error.filename}: {files.reason(error)}")


def _state(project: Path) -> dict[str, tuple[int, int]]:
    watched = [project / paths.DESCRIPTOR, project / paths.SETTINGS]
    own = (paths.DATA, paths.RELEASES, paths.TEXTS)
    for folder in (*(project / name for name in own), configuration.OF_EVERY_SITE):
        watched += folder.rglob("*")
    found = {}
    for path in watched:
        try:
            stat = path.stat()
        except FileNotFoundError:  # an editor replaced it between listing and looking
            continue
        found[str(path)] = (stat.st_mtime_ns, stat.st_size)
    return found
