"""Set up, check the data and build the whole site into ``site/``."""

from __future__ import annotations

from environment import ROOT, SITE, prepare, say, shinchoku


def main() -> None:
    prepare(SITE)
    shinchoku("build", "--site", "site")
    say(
        f"できました: {ROOT / 'site'}\n"
        "見るには: make serve（make がなければ python scripts/serve.py）のあと、"
        "表示されたアドレスをブラウザで開いてください。"
    )


if __name__ == "__main__":
    main()
