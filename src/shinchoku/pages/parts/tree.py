"""What stands next below a node of the plan, each branch with what became of it. Must not render anything."""

from __future__ import annotations

from dataclasses import dataclass

from shinchoku.package.editions import Edition
from shinchoku.package.records import Policy
from shinchoku.pages.parts import totals


@dataclass(frozen=True, slots=True)
class Branch:
    """A node with all that is listed there, and the ids of the nodes below it."""

    node: Policy
    whole: totals.Totals
    below: tuple[str, ...]


def branches(package: Edition, node: Policy) -> list[Branch]:
    """In print order, those with a page that is not an area's."""
    year = package.newest_settlement_year
    return [
        Branch(
            child,
            totals.listed(package, child, year),
            tuple(each.policy_id for each in package.nodes(child.policy_id)),
        )
        for child in package.policy_children.get(node.policy_id, ())
        if not package.is_area(child)
    ]
