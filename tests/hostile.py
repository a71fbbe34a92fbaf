"""Texts that a cell of a CSV could carry and that must stand on a page exactly, and run nowhere."""

from __future__ import annotations

PAYLOADS = (
    "{{ 7*7 }} {% for x in range(3) %}x{% endfor %} {# 消える #}",
    "<script>window.attacked = 1</script>",
    "<img src=x onerror=\"window.attacked = 1\">'\"><svg onload='window.attacked = 1'>",
    "</div></article><h1>にせの見出し</h1>",
    "&lt;b&gt; &amp; &#123;&#123; 7*7 }} &copy;",
    "*強調* _下線_ `コード` ~~消す~~ [リンク](javascript:alert(1)) ![絵](x.png){ .cls }",
    '--8<-- "mkdocs.yml" !!! note ::: x [TOC] [^1] $x$ :smile:',
    "# 見出し - 箇条 1. 番号 | 表 | 欄 | \\ \\* %} }} --- ...",
    "'title: x' \"quoted\": [1, 2] !!python/object:os.system",
    "https://example.com/ www.example.com a@example.com =1+1 -1 @x",
)
