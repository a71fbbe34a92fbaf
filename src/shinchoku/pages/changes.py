"""``/changes/``: what was changed in the published data, when and why, and the versions that were published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shinchoku import addresses
from shinchoku.changes import log
from shinchoku.changes.in_words import Teller, Told, in_order
from shinchoku.changes.log import Group
from shinchoku.changes.versions import MEANINGS
from shinchoku.package.editions import Edition
from shinchoku.package.records import LOG
from shinchoku.package.releases import version_number
from shinchoku.pages.page import the_one
from shinchoku.pages.parts.rendering import render

#: Changes that are read without opening anything; of more, only their number shows at first.
_UNFOLDED = 10
#: Changes of one group, and of all, that the page shows; the others are in the table it links to.
_OF_A_GROUP = 50
_OF_ALL = 300
#: Groups the page names; a year of weekly edits, twice.
_GROUPS = 100


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group, and as much of it as is shown."""

    group: Group
    counts: Mapping[str, int]
    shown: list[Told]

    @property
    def more(self) -> int:
        return len(self.group.entries) - len(self.shown)

    @property
    def is_folded(self) -> bool:
        return len(self.shown) > _UNFOLDED


def _views(package: Edition, groups: tuple[Group, ...]) -> list[GroupView]:
    teller, views, left = Teller(package), [], _OF_ALL
    for group in groups[:_GROUPS]:
        shown = in_order(group.entries)[: min(_OF_A_GROUP, left)]
        left -= len(shown)
        views.append(GroupView(group, teller.counts(group.entries), [teller.tell(each) for each in shown]))
    return views


def _renamed(package: Edition) -> list[Mapping[str, str]]:
    """The names that are not those of the first version any more."""
    first = next((version_number(each.version) for each in package.releases), None)
    return [each for each in log.RENAMED if first is not None and version_number(each["version"]) > first]


def body(package: Edition) -> str:
    """The changes, newest first, and the releases."""
    groups = log.groups(package)
    newest = next(reversed(package.releases), None)
    in_a_release = (newest.last_change_number or 0) if newest else 0
    return render(
        "changes.html",
        addresses.CHANGES,
        package=package,
        groups=_views(package, groups),
        older=groups[_GROUPS:],
        table=LOG,
        newest=newest,
        unreleased=sum(change.change_number > in_a_release for change in package.changes),
        renamed=_renamed(package),
        meanings={step.name: text for step, text in MEANINGS.items()},
    )


pages = the_one(
    addresses.CHANGES,
    "変更の記録",
    "公開したデータの値を、いつ、どこを、何から何に、なぜ変えたかの記録と、これまでに出した版です。",
    body,
)
