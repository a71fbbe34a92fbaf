"""YAML for programs of others, JSON as people keep it. Must not know what a file is about."""

from __future__ import annotations

import json
from typing import Any

import yaml


def yaml_text(value: Any) -> str:
    """``value`` as YAML that can be read: one line a value, in the order given, letters as they are."""
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=10**6)


def json_bytes(value: Any) -> bytes:
    """``value`` as JSON that can be read and compared line by line."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode("utf-8")
