"""YAML for programs of others. Must not know what a file is about."""

from __future__ import annotations

from typing import Any

import yaml


def yaml_text(value: Any) -> str:
    """``value`` as YAML that can be read: one line a value, in the order given, letters as they are."""
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=10**6)
