"""The console command ``shinchoku``: arguments in, one function called, exit code out.

Exit codes: 0 done, 1 the data or documents have a problem, 2 wrong usage. Logic lives in the modules
called; a command imports those it needs, so that none waits for libraries of others. Messages to
people are Japanese.
"""

from __future__ import annotations

import argparse
import gc
import io
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from shinchoku import files, paths

if TYPE_CHECKING:
    from shinchoku.adding import Result
    from shinchoku.validation import Rule

#: argparse's own words, of which it asks gettext for a translation.
JAPANESE = {
    "usage: ": "使い方: ",
    "positional arguments": "引数",
    "options": "オプション",
    "show this help message and exit": "この説明を表示します",
    "%(prog)s: error: %(message)s\n": "エラー: %(message)s\n",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s: %(message)s",
    "the following arguments are required: %s": "足りない引数があります: %s",
    "one of the arguments %s is required": "どれか1つが必要です: %s",
    "unrecognized arguments: %s": "知らない引数です: %s",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s では、どれか決まりません: %(matches)s",
    "ignored explicit argument %r": "値は付けられません: %r",
    "not allowed with argument %s": "%s と一緒には使えません",
    "expected one argument": "値を1つ書いてください",
    "expected at most one argument": "値は1つまでです",
    "expected at least one argument": "値を1つ以上書いてください",
    "expected %s argument": "値を%s個書いてください",
    "expected %s arguments": "値を%s個書いてください",
    "invalid %(type)s value: %(value)r": "「%(value)s」は使えない値です",
    "invalid choice: %(value)r (choose from %(choices)s)": "「%(value)s」はありません（選べるもの: %(choices)s）",
    "invalid choice: %(value)r, maybe you meant %(closest)r? (choose from %(choices)s)": (
        "「%(value)s」はありません。「%(closest)s」でしょうか（選べるもの: %(choices)s）"
    ),
    "unknown parser %(parser_name)r (choices: %(choices)s)": "「%(parser_name)s」はありません（選べるもの: %(choices)s）",
}
vars(argparse).update(
    _=lambda text: JAPANESE.get(text, text),
    ngettext=lambda one, many, count: JAPANESE.get(one if count == 1 else many, many),
)


# -- arguments ----------------------------------------------------------------


def _folder(text: str) -> Path:
    if not Path(text).is_dir():
        raise argparse.ArgumentTypeError(f"「{text}」というフォルダがありません")
    return Path(text)


def _writable(text: str) -> Path:
    _folder(str(Path(text).absolute().parent))
    return Path(text)


def _workbook(text: str) -> Path:
    if Path(text).suffix.lower() != ".xlsx":
        raise argparse.ArgumentTypeError(f"「{text}」の終わりを .xlsx にしてください")
    return _writable(text)


def _identifier(text: str) -> str:
    if not re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", text):
        raise argparse.ArgumentTypeError(f"「{text}」を半角の英小文字と数字（とハイフン）にしてください")
    return text


def _region(text: str) -> str:
    if not re.fullmatch("[0-9]{6}", text):
        raise argparse.ArgumentTypeError(f"「{text}」は6けたの半角の数字ではありません")
    return text


def _web_address(text: str) -> str:
    from shinchoku import addresses

    if text and not addresses.is_on_the_web(text):
        raise argparse.ArgumentTypeError(f"「{text}」は https:// か http:// で始まるアドレスではありません")
    return text


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:6]) < 65536):
        raise argparse.ArgumentTypeError(f"「{text}」は1から65535までの数ではありません")
    return int(text)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"「{text}」は YYYY-MM-DD の形の日付ではありません") from None


# -- commands -----------------------------------------------------------------


def _validate(directory: Path, fix: bool, format: str) -> int:
    from shinchoku import validation

    repairs = validation.fix(directory) if fix else None
    problems = validation.validate(directory)
    print(validation.FORMATS[format](repairs, problems))
    return 1 if any(problem.severity == "error" for problem in problems) else 0


def _build(directory: Path, site: Path, no_validate: bool) -> int:
    from shinchoku.site import building

    if not _is_valid(directory, descriptor_only=True):
        return 1
    building.build(directory, site, _say, check=not no_validate)
    return 0


def _say(text: str) -> None:
    """What is made is made, too, where nobody is left to read how it goes."""
    with suppress(BrokenPipeError):
        print(text, flush=True)


def _serve(directory: Path, port: int) -> int:
    from shinchoku.site import serving

    serving.serve(directory, port)
    return 0


def _import(directory: Path) -> int:
    from shinchoku import adding

    _say_imported(adding.import_all(directory))
    return 0


def _import_progress(
    file: Path,
    directory: Path,
    source_id: str,
    replace: bool,
    as_printed: bool,
    years: str | None,
    layout: str | None,
    summary: Path | None,
) -> int:
    from shinchoku import adding
    from shinchoku.adding.summary import summary_of_report

    result = adding.add_report(
        directory,
        file,
        source_id,
        is_replacement=replace,
        is_as_printed=as_printed,
        years=years,
        layout=layout,
    )
    _say_imported(result)
    text = summary_of_report(result.package, source_id, result.notes)
    if summary is None:
        print(f"\nプルリクエストに貼るまとめ：\n\n{text}", end="")
    else:
        files.replace({summary: text.encode("utf-8")})
        print(f"プルリクエストに貼るまとめを {summary} に書きました。")
    return 0


def _new(directory: Path, city: str, city_en: str, code: str, plan: str, plan_en: str) -> int:
    from shinchoku.adding import founding

    founding.found(directory, founding.Plan(city, city_en, code, plan, plan_en))
    print(
        f"{directory} に、{city}の「{plan}」のフォルダを作りました。このままでサイトができます。\n"
        f"  cd {directory}\n  shinchoku build\n"
        "次は報告です。形の下書きを作り、直してから取り込みます（README.md に書いてあります）。\n"
        "  shinchoku layout 報告のファイル --name report"
    )
    return 0


def _layout(file: Path, project: Path | None, name: str | None) -> int:
    from shinchoku.adding import drafting

    folder = project or paths.project()
    draft = drafting.draft(file, folder)
    if name is None:
        print(draft.text, end="")
    else:
        path = drafting.path_of(folder, name)
        if path.exists():
            print(f"エラー: {path} はすでにあります。別の --name にしてください。", file=sys.stderr)
            return 1
        files.replace({path: draft.text.encode("utf-8")})
        print(f"{path} に下書きを書きました。")
    print(drafting.next_steps(draft, name), file=sys.stderr if name is None else sys.stdout)
    return 0


def _say_imported(result: Result) -> None:
    for name, count in result.rows.items():
        print(f"{name}.csv: {count}行")
    if result.changed:
        print(f"書き換えたファイル: {', '.join(path.name for path in result.changed)}")
    else:
        print("表は前と同じで、何も書き換えていません。")


def _reprint(directory: Path) -> int:
    from shinchoku.package import reprint
    from shinchoku.package.reading import read_package
    from shinchoku.package.writing import csv_bytes

    published = read_package(directory)
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


def _export_workbook(directory: Path, out: Path, source_id: str | None, next: bool, force: bool) -> int:
    from shinchoku.exports import report_workbook
    from shinchoku.package.reading import read_package

    if out.exists() and not force:
        print(
            f"エラー: {out} はすでにあります。別の名前にするか、--force を付けてください。", file=sys.stderr
        )
        return 1
    files.replace({out: report_workbook.encode(read_package(directory), source_id, is_following=next)})
    print(f"{out} を作りました。入力のしかたは「{report_workbook.GUIDE}」のシートにあります。")
    return 0


def _diff(old: str, new: Path, format: str, output: Path | None, site_url: str) -> int:
    from shinchoku import review

    with files.workshop() as before:
        if Path(old).is_dir():
            before = Path(old)
        else:
            review.extract(new, old, before)
        # What `.` is called says nothing to whoever reads it elsewhere.
        found = review.review(before, new, old, str(new) if new.name else new.absolute().name)
    text = review.FORMATS[format](found, site_url.rstrip("/"))
    if output is None:
        print(text, end="")
    else:
        files.replace({output: text.encode("utf-8")})
    return 0


def _release(version: str, directory: Path, summary: str, date: date) -> int:
    from shinchoku import validation
    from shinchoku.changes import releasing
    from shinchoku.exports import bundle

    if not _is_valid(directory, but=validation.surroundings.UNFINISHED):  # which is what this command mends
        return 1
    made = releasing.release(directory, version, summary, date, bundle.archive)
    folder = directory / paths.RELEASES / made.version
    print(f"版 {made.version} を {folder} に作りました（{made.archive}、{made.bytes:,}バイト）。")
    return 0


def _is_valid(directory: Path, descriptor_only: bool = False, but: Rule | None = None) -> bool:
    """Whether the data has no error; says those it has. Without a sound descriptor nothing can be done."""
    from shinchoku import validation

    check = validation.check_descriptor if descriptor_only else validation.validate
    problems = [problem for problem in check(directory) if problem.severity == "error"]
    problems = [problem for problem in problems if not but or problem.rule != but.id]
    if problems:
        print(validation.render_text(problems), file=sys.stderr)
    return not problems


# -- running ------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="shinchoku", description="進捗報告の資料から、オープンデータとウェブサイトを作ります。"
    )
    commands = parser.add_subparsers(required=True, metavar="コマンド")

    def command(name: str, run: Callable[..., int], text: str) -> Callable[..., argparse.Action]:
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(run=run)
        return added.add_argument

    def directory(add: Callable[..., argparse.Action]) -> None:
        text = "datapackage.json のあるフォルダ（省略すると、いまのフォルダ）"
        add("directory", nargs="?", type=_folder, metavar="DIR", help=text)

    add = command("validate", _validate, "データを検査します。")
    directory(add)
    add("--fix", action="store_true", help="判断のいらない誤りを直し、直したものを示します")
    add(
        "--format",
        choices=("text", "json", "github"),
        default="text",
        help="結果の形（github は Actions の注釈）",
    )
    add("--json", action="store_const", dest="format", const="json", help="--format json と同じ")

    add = command("build", _build, "サイトを作ります。")
    directory(add)
    add("--site", type=Path, default=Path("site"), metavar="OUT", help="サイトを書くフォルダ")
    add("--no-validate", action="store_true", help="検査せずに作ります（試験用）")

    add = command("serve", _serve, "サイトを手元で開き、CSVを直すたびに作り直します。")
    directory(add)
    add("--port", type=_port, default=8000, help="ポート番号")

    add = command("import", _import, "原資料と判断ファイルから data/ の表を作ります。")
    directory(add)

    add = command("import progress", _import_progress, "新しい年度の報告を加えます。")
    add("file", type=Path, metavar="FILE", help="報告（.txt か、同じ表の .xlsx・.csv）")
    directory(add)
    add("--source-id", required=True, metavar="ID", help="報告のID（progress-r5 など。後で変えません）")
    add("--replace", action="store_true", help="同じIDの報告を、この文書に差し替えます")
    add(
        "--as-printed",
        action="store_true",
        help="--replace で変わる字句は、どれも印刷のとおりです（写し間違いを直すとき）",
    )
    add("--years", metavar="R4,R6", help="見出しの実績の年度が、飛んでいてもこのとおりであること")
    add("--layout", metavar="NAME", help="報告の形（data/layouts/NAME.yml。省略すると前の報告と同じ）")
    add("--summary", type=_writable, metavar="FILE", help="プルリクエスト用のまとめを書くファイル")

    add = command("new", _new, "別の市の計画のために、新しいフォルダを作ります。")
    add(
        "directory",
        type=Path,
        metavar="DIR",
        help="作るフォルダ（名前がデータの名前になります。後で変えません）",
    )
    add("--city", required=True, metavar="名前", help="市町村の名前")
    add("--city-en", required=True, metavar="NAME", help="英語での名前")
    add("--code", type=_region, required=True, metavar="6けた", help="全国地方公共団体コード")
    add("--plan", required=True, metavar="名前", help="計画の名前")
    add("--plan-en", required=True, metavar="NAME", help="計画の英語での名前")

    add = command("layout", _layout, "まだ知らない形の報告から、その形（layout）の下書きを作ります。")
    add("file", type=Path, metavar="FILE", help="報告（.txt・.xlsx・.csv）")
    add("--project", type=_folder, metavar="DIR", help="プロジェクトのフォルダ（省略するとこのプロジェクト）")
    add(
        "--name",
        type=_identifier,
        metavar="NAME",
        help="data/layouts/NAME.yml に書きます（省略すると画面に出すだけ）",
    )

    add = command("reprint", _reprint, "公開データだけから、印刷された表をもう一度書き出します。")
    directory(add)

    add = command(
        "export workbook", _export_workbook, "報告の表を、直して送り返せるExcelのファイルにします。"
    )
    directory(add)
    add("--out", type=_workbook, required=True, metavar="FILE.xlsx", help="書くファイル")
    add("--source-id", metavar="ID", help="どの報告か（省略するといちばん新しいもの）")
    add("--next", action="store_true", help="次の年度の報告を書くための用紙にします")
    add("--force", action="store_true", help="すでにあるファイルを置き換えます")

    add = command("diff", _diff, "2つのデータの違いを、値・判定・合計・ページで示します。")
    add("old", metavar="OLD", help="前のデータのフォルダか、Gitの版（main、HEAD~1 など）")
    add("new", metavar="NEW", type=_folder, help="後のデータのフォルダ")
    formats = ("markdown", "html")
    add("--format", choices=formats, default="markdown", help="形式（省略すると markdown）")
    add("--output", type=_writable, metavar="FILE", help="書くファイル（省略すると画面に出します）")
    add("--site-url", type=_web_address, default="", metavar="URL", help="サイトのアドレス")

    add = command("release", _release, "いまのデータを、変わらない1つの版として残します。")
    add("version", metavar="VERSION", help="版の番号（1.2.0 など）")
    directory(add)
    add("--summary", required=True, help="何が変わった版か")
    add("--date", type=_date, default=date.today(), help="日付（省略すると今日）")
    return parser


def _run(words: list[str]) -> int:
    if words[:2] in (["import", "progress"], ["export", "workbook"]):
        words[:2] = [" ".join(words[:2])]  # beside `import [DIR]`, which takes any word for a folder
    arguments = vars(_parser().parse_args(words))
    run = arguments.pop("run")
    try:
        if "directory" in arguments:
            arguments["directory"] = arguments["directory"] or paths.project()
        return run(**arguments)
    except OSError:
        raise
    except Exception as error:
        code, text = _said(error)
        print(text, file=sys.stderr)
        return code


def _written_at_once(entries: Mapping[str, Sequence[str]]) -> str:
    """What is to be written into each file, where it is more than one line."""
    blocks = [
        f"{file} に、「…」を直してまとめて書き足すなら：\n\n" + "".join(f"{line}\n" for line in lines) + "\n"
        for file, lines in entries.items()
        if len(lines) > 1
    ]
    return "".join(blocks)


def _said(error: Exception) -> tuple[int, str]:
    """The exit code and the text for what a command could not do; raises anew what is nobody's input."""
    from shinchoku import adding, importing, review, validation
    from shinchoku.adding import founding
    from shinchoku.changes import releasing
    from shinchoku.package.descriptor import PackageError
    from shinchoku.site import building

    match error:
        case importing.SeveralProblems():
            questions = (f"\n[{number}] {problem}\n" for number, problem in enumerate(error.problems, 1))
            return 1, (
                f"直していただくこと、決めていただくことが{len(error.problems)}件あります。\n{''.join(questions)}\n"
                f"{_written_at_once(error.entries)}"
                "書き足すか直したら、同じ命令をもう一度実行してください。data/ は元のままです。"
            )
        case building.Unsound():
            return 1, validation.render_text(error.problems)
        case adding.Unsound():
            return 1, f"{validation.render_text(error.problems)}\ndata/ は元のままです。"
        case review.UnknownRevision():
            return 2, f"エラー: {error}"
        case (
            PackageError()
            | importing.ImportProblem()
            | building.BuildError()
            | releasing.ReleaseError()
            | review.NoHistory()
            | founding.NotEmpty()
            | paths.NoProject()
        ):
            return 1, f"エラー: {error}"
    raise error


def _flush() -> None:
    """Write what was printed, here, where it can be answered when there is nobody left to read it."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise


def _knows_japanese(encoding: str) -> bool:
    try:
        return bool("あ".encode(encoding))
    except UnicodeEncodeError:
        return False


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    # What a command reads it needs to its end: to search it for garbage again and again took a sixth of its time.
    gc.set_threshold(50_000, 20, 20)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that knows no Japanese shows escapes
            stream.reconfigure(errors="backslashreplace")
            if not (stream.isatty() or _knows_japanese(stream.encoding)):  # but a file holds what was meant
                stream.reconfigure(encoding="utf-8")
    code = 0
    try:
        try:
            code = _run(list(sys.argv[1:] if argv is None else argv))
        finally:
            _flush()
    except BrokenPipeError:  # the reader (`| head`) has seen enough
        return code
    except KeyboardInterrupt:
        code, text = 130, "途中で止めました。"
    except OSError as error:
        named = f"{error.filename}: " if error.filename else ""
        code, text = 1, f"エラー: {named}{files.reason(error)}"
    else:
        return code
    with suppress(OSError):
        print(text, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
