"""The console command ``shinchoku``: arguments in, one function called, exit code out.

Exit codes: 0 done, 1 the data or documents have a problem, 2 wrong usage.
Logic lives in the modules called; messages to people are Japanese.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from shinchoku import (
    addresses,
    adopting,
    building,
    files,
    importing,
    links,
    paths,
    reprint,
    review,
    validation,
)
from shinchoku.changes import releasing
from shinchoku.exports import bundle, report_workbook
from shinchoku.package.descriptor import PackageError
from shinchoku.package.reading import read_package
from shinchoku.package.writing import csv_bytes

_IMPORT_PROGRESS = "import progress"


def _validate(arguments: argparse.Namespace) -> int:
    directory = arguments.directory or paths.project()
    repairs = validation.fix(directory) if arguments.fix else None
    problems = validation.validate(directory)
    print(validation.FORMATS[arguments.format](repairs, problems))
    return 1 if any(problem.severity == "error" for problem in problems) else 0


def _rules(arguments: argparse.Namespace) -> int:
    documented = validation.rules_as_markdown()
    if arguments.into is None:
        print(documented, end="")
    else:
        text = validation.with_rules(arguments.into.read_text(encoding="utf-8"))
        files.replace({arguments.into: text.encode("utf-8")})
    return 0


def _build(arguments: argparse.Namespace) -> int:
    directory = arguments.directory or paths.project()
    # Without a sound descriptor nothing can be built, checked or not.
    check = validation.check_descriptor if arguments.no_validate else validation.validate
    problems = [problem for problem in check(directory) if problem.severity == "error"]
    if problems:
        print(validation.render_text(problems), file=sys.stderr)
        return 1
    building.build(paths.project(), directory, arguments.site)
    return 0


def _serve(arguments: argparse.Namespace) -> int:
    building.serve(paths.project(), arguments.port)
    return 0


def _import(arguments: argparse.Namespace) -> int:
    return _told(adopting.refresh(arguments.directory or paths.project()))


def _import_progress(arguments: argparse.Namespace) -> int:
    project = arguments.directory or paths.project()
    result = adopting.adopt(
        project,
        arguments.file,
        arguments.source_id,
        is_replacement=arguments.replace,
    )
    code = _told(result)
    summary = adopting.summary(result.package, arguments.source_id)
    if arguments.summary is None:
        print(f"\nプルリクエストに貼るまとめ：\n\n{summary}", end="")
    else:
        files.replace({arguments.summary: summary.encode("utf-8")})
        print(f"プルリクエストに貼るまとめを {arguments.summary} に書きました。")
    return code


def _told(result: adopting.Result) -> int:
    for name, count in result.rows.items():
        print(f"{name}.csv: {count}行")
    if result.changed:
        print(f"書き換えたファイル: {', '.join(path.name for path in result.changed)}")
    else:
        print("表は前と同じで、何も書き換えていません。")
    return 0


def _reprint(arguments: argparse.Namespace) -> int:
    published = read_package(arguments.directory or paths.project())
    for source in published.sources:
        if source.report_fiscal_year is None:
            for line, text in reprint.printed_lines(published, source.source_id):
                print(f"{line}\t{text}")
        else:
            columns = reprint.printed_columns(published, source.source_id)
            rows = reprint.printed_rows(published, source.source_id)
            content = csv_bytes(columns, ([row[name] for name in columns] for row in rows))
            print(content.decode("utf-8"), end="")
    return 0


def _export_workbook(arguments: argparse.Namespace) -> int:
    if arguments.out.exists() and not arguments.force:
        raise FileExistsError(
            f"{arguments.out} はすでにあります。別の名前にするか、--force を付けてください。"
        )
    published = read_package(arguments.directory or paths.project())
    content = report_workbook.encode(published, arguments.source_id, is_following=arguments.next)
    files.replace({arguments.out: content})
    print(f"{arguments.out} を作りました。入力のしかたは「{report_workbook.GUIDE}」のシートにあります。")
    return 0


def _diff(arguments: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory(prefix="shinchoku-diff-") as name:
        old = Path(arguments.old)
        if not old.is_dir():
            old = Path(name)
            review.extract(arguments.new, arguments.old, old)
        found = review.review(old, arguments.new, arguments.old, _called(arguments.new))
    text = review.FORMATS[arguments.format](found, arguments.site_url.rstrip("/"))
    if arguments.output is None:
        print(text, end="")
    else:
        files.replace({arguments.output: text.encode("utf-8")})
    return 0


def _called(folder: Path) -> str:
    """What a folder is called; ``.`` says nothing to whoever reads it elsewhere."""
    return str(folder) if folder.name else folder.resolve().name


def _writable(text: str) -> Path:
    if not Path(text).absolute().parent.is_dir():
        raise argparse.ArgumentTypeError(f"「{Path(text).parent}」というフォルダがありません")
    return Path(text)


def _web_address(text: str) -> str:
    if text and not addresses.is_on_the_web(text):
        raise argparse.ArgumentTypeError(f"「{text}」は https:// か http:// で始まるアドレスではありません")
    return text


def _links(arguments: argparse.Namespace) -> int:
    answers = links.check(links.find(arguments.directory or paths.project()))
    print(links.as_text(answers))
    if arguments.annotate:
        print(links.as_annotations(answers), end="")
    if arguments.summary:
        with arguments.summary.open("a", encoding="utf-8") as summary:
            summary.write(links.as_markdown(answers))
    is_open = any(answer.finding != links.Finding.ANSWERS for answer in answers)
    return 1 if is_open and not arguments.never_fail else 0


def _release(arguments: argparse.Namespace) -> int:
    directory = arguments.directory or paths.project()
    if not _is_valid(directory):
        return 1
    made = releasing.release(directory, arguments.version, arguments.summary, arguments.date, bundle.archive)
    folder = directory / paths.RELEASES / made.version
    print(f"版 {made.version} を {folder} に作りました（{made.archive}、{made.bytes:,}バイト）。")
    return 0


def _is_valid(directory: Path) -> bool:
    problems = [problem for problem in validation.validate(directory) if problem.severity == "error"]
    if problems:
        print(validation.render_text(problems), file=sys.stderr)
    return not problems


def _workbook(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() != ".xlsx":
        raise argparse.ArgumentTypeError(f"「{text}」の終わりを .xlsx にしてください")
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"「{path.parent}」というフォルダがありません")
    return path


def _folder(text: str) -> Path:
    if not Path(text).is_dir():
        raise argparse.ArgumentTypeError(f"「{text}」というフォルダがありません")
    return Path(text)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"「{text}」は YYYY-MM-DD の形の日付ではありません") from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="shinchoku", description="進捗報告の資料から、オープンデータとウェブサイトを作ります。"
    )
    commands = parser.add_subparsers(required=True, metavar="コマンド")

    def command(name: str, run: Callable[[argparse.Namespace], int], text: str, directory: str | None):
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(run=run)
        if directory:
            added.add_argument("directory", nargs="?", type=_folder, metavar="DIR", help=directory)
        return added

    package_directory = "datapackage.json のあるフォルダ（省略するとこのプロジェクト）"
    validate = command("validate", _validate, "データを検査します。", package_directory)
    validate.add_argument("--fix", action="store_true", help="判断のいらない誤りを直し、直したものを示します")
    validate.add_argument(
        "--format", choices=validation.FORMATS, default="text", help="結果の形（github は Actions の注釈）"
    )
    validate.add_argument(
        "--json", action="store_const", dest="format", const="json", help="--format json と同じ"
    )
    rules = command("rules", _rules, "検査の規則の一覧を Markdown で出します。", None)
    rules.add_argument("--into", type=Path, metavar="FILE", help="印の間に一覧のあるファイルを書き直します")
    build = command("build", _build, "サイトを作ります。", package_directory)
    build.add_argument("--site", type=Path, default=Path("site"), metavar="OUT", help="サイトを書くフォルダ")
    build.add_argument("--no-validate", action="store_true", help="検査せずに作ります（試験用）")
    serve = command("serve", _serve, "サイトを手元で開き、CSVを直すたびに作り直します。", None)
    serve.add_argument("--port", type=int, default=8000, help="ポート番号")
    command("import", _import, "原資料と判断ファイルから data/ の表を作ります。", package_directory)
    progress = commands.add_parser(
        _IMPORT_PROGRESS, help="新しい年度の報告を加えます。", description="新しい年度の報告を加えます。"
    )
    progress.set_defaults(run=_import_progress)
    progress.add_argument("file", type=Path, metavar="FILE", help="報告（.txt か、同じ表の .xlsx・.csv）")
    progress.add_argument("directory", nargs="?", type=_folder, metavar="DIR", help=package_directory)
    progress.add_argument(
        "--source-id", required=True, metavar="ID", help="報告のID（progress-r5 など。後で変えません）"
    )
    progress.add_argument("--replace", action="store_true", help="同じIDの報告を、この文書に差し替えます")
    progress.add_argument(
        "--summary", type=_writable, metavar="FILE", help="プルリクエスト用のまとめを書くファイル"
    )
    command(
        "reprint", _reprint, "公開データだけから、印刷された表をもう一度書き出します。", package_directory
    )
    export = commands.add_parser("export", help="データを、ほかの形のファイルに書き出します。")
    targets = export.add_subparsers(required=True, metavar="形")
    form = targets.add_parser("workbook", help="報告の表を、直して送り返せるExcelのファイルにします。")
    form.set_defaults(run=_export_workbook)
    form.add_argument("directory", nargs="?", type=_folder, metavar="DIR", help=package_directory)
    form.add_argument("--out", type=_workbook, required=True, metavar="FILE.xlsx", help="書くファイル")
    form.add_argument("--source-id", metavar="ID", help="どの報告か（省略するといちばん新しいもの）")
    form.add_argument("--next", action="store_true", help="次の年度の報告を書くための用紙にします")
    form.add_argument("--force", action="store_true", help="すでにあるファイルを置き換えます")
    diff = command("diff", _diff, "2つのデータの違いを、値・判定・合計・ページで示します。", None)
    diff.add_argument("old", metavar="OLD", help="前のデータのフォルダか、Gitの版（main、HEAD~1 など）")
    diff.add_argument("new", metavar="NEW", type=_folder, help="後のデータのフォルダ")
    diff.add_argument(
        "--format", choices=review.FORMATS, default="markdown", help="形式（省略すると markdown）"
    )
    diff.add_argument(
        "--output", type=_writable, metavar="FILE", help="書くファイル（省略すると画面に出します）"
    )
    diff.add_argument("--site-url", type=_web_address, default="", metavar="URL", help="サイトのアドレス")
    asked = command(
        "links", _links, "データと文章に書いたアドレスが、まだ答えるか確かめます。", package_directory
    )
    asked.add_argument("--never-fail", action="store_true", help="答えないものがあっても、0で終わります")
    asked.add_argument("--annotate", action="store_true", help="GitHub の警告としても出します")
    asked.add_argument("--summary", type=_writable, metavar="FILE", help="まとめを書き足すファイル")
    release = command("release", _release, "いまのデータを、変わらない1つの版として残します。", None)
    release.add_argument("version", metavar="VERSION", help="版の番号（1.2.0 など）")
    release.add_argument("directory", nargs="?", type=_folder, metavar="DIR", help=package_directory)
    release.add_argument("--summary", required=True, help="何が変わった版か")
    release.add_argument("--date", type=_date, default=date.today(), help="日付（省略すると今日）")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:2] == _IMPORT_PROGRESS.split():  # beside `import [DIR]`, which takes any word for a folder
        words[:2] = [_IMPORT_PROGRESS]
    arguments = _parser().parse_args(words)
    try:
        code = arguments.run(arguments)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # the reader (`| head`) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except importing.DecisionsNeeded as error:
        print(f"決めていただくことが{len(error.problems)}件あります。", file=sys.stderr)
        for number, problem in enumerate(error.problems, 1):
            print(f"\n[{number}] {problem}", file=sys.stderr)
        print("\n書き足したら、同じ命令をもう一度実行してください。data/ は元のままです。", file=sys.stderr)
        return 1
    except adopting.Unsound as error:
        print(validation.render_text(error.problems), file=sys.stderr)
        print("data/ は元のままです。", file=sys.stderr)
        return 1
    except review.UnknownRevision as error:
        print(f"エラー: {error}", file=sys.stderr)
        return 2
    except (
        PackageError,
        importing.ImportProblem,
        building.BuildError,
        releasing.ReleaseError,
        OSError,
    ) as error:
        print(f"エラー: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
