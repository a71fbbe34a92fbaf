"""What of a list is shown that grows with the plan: all of it, or of one that nobody reads to its end the first items.

How many more there are, and where, the page says below it (``rest`` of ``components.html``). Must not render anything.
"""

from __future__ import annotations

from collections.abc import Sequence, Sized
from typing import TypeVar

_Item = TypeVar("_Item")

#: As long as a list may be that is shown whole; where it has a short line for each initiative, and any other.
INITIATIVES, WHOLE = 150, 60
#: How many are shown of a longer one.
FIRST = 20


def is_cut(items: Sized, whole: int = WHOLE) -> bool:
    """Whether not all are shown."""
    return len(items) > whole


def cut(items: Sequence[_Item], whole: int = WHOLE, first: int = FIRST) -> Sequence[_Item]:
    """Those that are shown."""
    return items[:first] if is_cut(items, whole) else items
