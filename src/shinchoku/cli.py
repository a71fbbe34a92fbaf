"""The console command ``shinchoku``: arguments in, one function called, exit code out.

Exit codes: 0 done, 1 the data or documents have a problem, 2 wrong usage.
Logic lives in the modules called; messages to people are Japanese.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from shinchoku import building, importing, package, paths, reprint, validation


def _validate(arguments: argparse.Namespace) -> int:
    directory = arguments.directory or paths.project()
    problems = validation.validate(directory)
    print(validation.to_json(problems) if arguments.json else validation.render_text(problems))
    return 1 if any(problem.severity == "error" for problem in problems) else 0


def _build(arguments: argparse.Namespace) -> int:
    directory = arguments.directory or paths.project()
    problems = [p for p in validation.validate(directory) if p.severity == "error"]
    if problems and not arguments.no_validate:
        print(validation.render_text(problems), file=sys.stderr)
        return 1
    building.build(paths.project(), directory, arguments.site)
    return 0


def _serve(arguments: argparse.Namespace) -> int:
    building.serve(paths.project(), arguments.port)
    return 0


def _import(arguments: argparse.Namespace) -> int:
    project = arguments.directory or paths.project()
    declared = package.resources(package.read_descriptor(project))
    keys = {name: package.primary_key(resource) for name, resource in declared.items()}
    editorial = {name: package.read_table(project, name) for name in importing.EDITORIAL_TABLES}
    tables = importing.run_import(project, editorial, keys)
    problems = _problems_after(project, tables)
    if problems:
        print(validation.render_text(problems), file=sys.stderr)
        print("data/ は元のままです。", file=sys.stderr)
        return 1
    changed = package.write_tables(project, tables)
    for name, records in tables.items():
        print(f"{name}.csv: {len(records)}行")
    if changed:
        print(f"書き換えた表: {', '.join(path.name for path in changed)}")
    else:
        print("表は前と同じで、何も書き換えていません。")
    return 0


def _problems_after(project: Path, tables: importing.Tables) -> list[validation.Problem]:
    """What would be wrong with the package if these tables were written."""
    with tempfile.TemporaryDirectory(prefix="shinchoku-import-") as name:
        trial = Path(name)
        shutil.copy(project / paths.DESCRIPTOR, trial)
        shutil.copytree(project / paths.DATA, trial / paths.DATA)
        package.write_tables(trial, tables)
        return [problem for problem in validation.validate(trial) if problem.severity == "error"]


def _reprint(arguments: argparse.Namespace) -> int:
    published = package.read(arguments.directory or paths.project())
    for source in published.sources:
        if source.report_fiscal_year is None:
            for line, text in reprint.printed_lines(published, source.source_id):
                print(f"{line}\t{text}")
        else:
            columns = reprint.printed_columns(published, source.source_id)
            rows = reprint.printed_rows(published, source.source_id)
            content = package.csv_bytes(columns, ([row[name] for name in columns] for row in rows))
            print(content.decode("utf-8"), end="")
    return 0


def _folder(text: str) -> Path:
    if not Path(text).is_dir():
        raise argparse.ArgumentTypeError(f"「{text}」というフォルダがありません")
    return Path(text)


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
    validate.add_argument("--json", action="store_true", help="結果をJSONで出します")
    build = command("build", _build, "サイトを作ります。", package_directory)
    build.add_argument("--site", type=Path, default=Path("site"), metavar="OUT", help="サイトを書くフォルダ")
    build.add_argument("--no-validate", action="store_true", help="検査せずに作ります（試験用）")
    serve = command("serve", _serve, "サイトを手元で開き、CSVを直すたびに作り直します。", None)
    serve.add_argument("--port", type=int, default=8000, help="ポート番号")
    command("import", _import, "原資料と判断ファイルから data/ の表を作ります。", package_directory)
    command(
        "reprint", _reprint, "公開データだけから、印刷された表をもう一度書き出します。", package_directory
    )
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    arguments = _parser().parse_args(argv)
    try:
        code = arguments.run(arguments)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # the reader (`| head`) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (package.PackageError, importing.ImportProblem, building.BuildError, OSError) as error:
        print(f"エラー: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
