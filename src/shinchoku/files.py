"""Reading and writing files so that each is, at any moment, the old one or the new one, whole.

A command that is killed leaves at most files and folders whose names begin with a dot; the next one takes
them over. What the system refuses has its Japanese words here and nowhere else. Must not import anything
of this project.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import sys
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

#: Names of errors, as ``errno`` has them → what is the matter, and what to do.
_REASONS = {
    "ENOENT": "ファイルやフォルダがありません。名前と場所を確かめてください。",
    "EACCES EPERM": "読み書きする権限がないか、ほかのソフト（Excelなど）で開いています。閉じてから、もう一度お試しください。",
    "EBUSY ETXTBSY": "ほかのソフトが使っています。閉じてから、もう一度お試しください。",
    "EAGAIN EWOULDBLOCK": "別の命令が使っています。それが終わってから、もう一度お試しください。",
    "EBADF": "書き出す先が閉じています。",
    "EROFS": "書き込めない場所です。ほかの場所を指定してください。",
    "ENOSPC EDQUOT": "ディスクに空きがありません。要らないファイルを消してから、もう一度お試しください。",
    "EFBIG": "ファイルが大きすぎて書けません。ほかの場所を指定してください。",
    "EISDIR": "ファイルではなくフォルダです。名前と場所を確かめてください。",
    "ENOTDIR": "フォルダではないものの中は指定できません。名前と場所を確かめてください。",
    "EEXIST ENOTEMPTY": "同じ名前のものがもうあります。それを移すか、ほかの名前にしてください。",
    "ENAMETOOLONG": "名前が長すぎます。もっと短い名前にしてください。",
    "ELOOP": "リンクが輪になっていて、たどれません。リンクを消してください。",
    "EINVAL ENXIO ENODEV": "ファイルとして使えません。名前と場所を確かめてください。",
    "EMFILE ENFILE ENOMEM": "開いているものが多すぎます。ほかのソフトを閉じてから、もう一度お試しください。",
    "EADDRINUSE EADDRNOTAVAIL": "このポート番号は使われています。別の番号を --port で指定してください。",
    "EIO": "ディスクを読み書きできません。つながっているか、壊れていないか確かめてください。",
}


def reason(error: OSError) -> str:
    """What the system refused and what to do about it, in Japanese; its file is for the caller to name."""
    name = errno.errorcode.get(error.errno or 0, "")
    texts = (text for names, text in _REASONS.items() if name in names.split())
    return next(texts, f"読み書きできません（システムの番号は{error.errno}）。")


def _beside(path: Path, role: str) -> Path:
    return path.with_name(f".{role}-{path.name}")


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """What is refused within is said of this file, which the user knows."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def read(path: Path) -> bytes:
    """The bytes of a file. Raises ``OSError``, also for a pipe or a device, which may never end."""
    if path.exists() and not path.is_file() and not path.is_dir():
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path))
    return path.read_bytes()


# -- files ------------------------------------------------------------------------


def replace(contents: Mapping[Path, bytes]) -> list[Path]:
    """Write files, and their folders; returns those that changed.

    All are written beside their places before the first takes its place, and go back where a later one
    cannot: what is refused leaves all of them as they were. Raises ``OSError`` with the path of the file.
    """
    changed: dict[Path, bytes | None] = {}  # and what was there
    placed: list[Path] = []
    try:
        for path, content in contents.items():
            with _named(path):
                if path.exists() and not path.is_file():
                    _write_through(path, content)
                    continue
                before = path.read_bytes() if path.exists() else None
                if before == content:
                    _beside(path, "writing").unlink(missing_ok=True)  # of a killed command
                else:
                    changed[path] = before
                    _write_beside(path, content)
        for path in changed:
            with _named(path):
                placed.append(path)
                os.replace(_beside(path, "writing"), path)
    except BaseException:
        for path in placed:
            with suppress(OSError):
                _put_back(path, changed[path])
        raise
    finally:
        for path in changed:
            with suppress(OSError):
                _beside(path, "writing").unlink()
    return list(changed)


def _put_back(path: Path, before: bytes | None) -> None:
    if before is None:
        path.unlink()
    else:
        _write_beside(path, before)
        os.replace(_beside(path, "writing"), path)


def _write_beside(path: Path, content: bytes) -> None:
    written = _beside(path, "writing")
    path.parent.mkdir(parents=True, exist_ok=True)
    with written.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())  # on the disk before its name says so: the power may fail, too
    if path.exists():
        path.open("r+b").close()  # refused here, not later, where a spreadsheet program holds it open
        shutil.copymode(path, written)


def _write_through(path: Path, content: bytes) -> None:
    """A terminal or /dev/null is written to, not replaced; a pipe that nobody reads is not waited for."""
    with ExitStack() as stack:
        if path.is_fifo():
            stack.callback(os.close, os.open(path, os.O_WRONLY | os.O_NONBLOCK))
        path.write_bytes(content)


def write_if_changed(path: Path, content: bytes) -> None:
    """Write a file of a folder that is made anew by every run, unless it has these bytes already.

    Killed, it may leave half a file, which the next run replaces.
    """
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def copy(folder: Path, target: Path) -> None:
    """The files of a folder and of those below it, without hidden ones, to another place."""
    for path in folder.rglob("*"):
        if path.name[0] != "." and not path.is_dir():
            write_if_changed(target / path.relative_to(folder), read(path))


# -- folders ----------------------------------------------------------------------


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """An empty folder that takes the place of ``folder``, if there is one, once the block is through.

    Raises ``BlockingIOError`` where another command is about to do so.
    """
    # What a killed command has started may still write there, so each has a folder of its own.
    new, old = _beside(folder, f"writing-{os.getpid()}"), _beside(folder, "previous")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        if old.exists() and not folder.exists():  # killed between the two moves below
            os.replace(old, folder)
        left_behind = re.compile(rf"\.(writing(-\d+)?|previous)-{re.escape(folder.name)}")
        for path in folder.parent.iterdir():
            if left_behind.fullmatch(path.name):
                shutil.rmtree(path, ignore_errors=True)
        new.mkdir()
        try:
            yield new
            with _named(folder):
                if folder.exists():
                    os.replace(folder, old)
                os.replace(new, folder)
        except OSError as error:  # said of what the user knows
            error.filename = error.filename and str(error.filename).replace(str(new), str(folder))
            raise
        finally:
            if old.exists() and not folder.exists():
                os.replace(old, folder)
            for path in (new, old):
                shutil.rmtree(path, ignore_errors=True)


@contextmanager
def workshop() -> Iterator[Path]:
    """An empty folder, away from the user's, that goes with the block; those of killed commands go now."""
    prefix = Path(tempfile.gettempdir(), "shinchoku-")
    for lock in prefix.parent.glob(f".lock-{prefix.name}*"):
        folder = lock.with_name(lock.name.removeprefix(".lock-"))
        with suppress(OSError), _alone(folder):  # refused: it is at work, or another user's
            shutil.rmtree(folder, ignore_errors=True)
    with ExitStack() as stack:
        while True:
            folder = prefix.with_name(prefix.name + uuid.uuid4().hex[:8])
            with suppress(BlockingIOError):  # cleared away by another command before it was held
                stack.enter_context(_alone(folder))
                break
        folder.mkdir(mode=0o700)
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        yield folder


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Nobody else is here for ``path`` until the block, or this process, ends.

    Raises ``BlockingIOError`` where somebody is.
    """
    lock = _beside(path, "lock")
    with _named(path):
        file = lock.open("ab")
    with file:
        try:
            _hold(file.fileno())
            if not os.path.samestat(lock.stat(), os.fstat(file.fileno())):
                raise FileNotFoundError  # who held it has just taken it away
        except OSError:
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN), str(path)) from None
        try:
            yield
        finally:
            if sys.platform != "win32":
                lock.unlink(missing_ok=True)
    if sys.platform == "win32":  # where what is open cannot be removed
        with suppress(OSError):
            lock.unlink()


def _hold(descriptor: int) -> None:
    if sys.platform == "win32":
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
