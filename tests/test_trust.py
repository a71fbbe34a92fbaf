"""From a number to where it is printed, and from a word to what it means."""

from __future__ import annotations

import os
import re
from urllib.parse import parse_qs, urlsplit

import pytest

import builders as make
from frozen_project import PROJECT
from reading_html import read
from shinchoku import addresses, pages
from shinchoku.package import reprint
from shinchoku.package.descriptor import PackageError
from shinchoku.package.reading import read_package
from shinchoku.package.records import Term
from shinchoku.pages.parts.glossary_links import Explainer
from shinchoku.site import minifying

# -- for those who read Japanese with effort, or not at all -------------------------------


def test_english_and_easy_japanese_say_the_state_and_are_reached_from_everywhere(documents):
    for address, page in documents.items():
        links = {
            os.path.normpath(os.path.join("/", address, link.attributes.get("href", "")))
            for link in page.all("a")
        }
        assert {"/en", "/easy"} <= links, address
    for address in (addresses.ENGLISH, addresses.EASY):
        said = documents[address].all("article")[0].text
        assert all(number in said for number in ("104", "45", "37", "22", "2022")), address
    english = next(
        part for part in documents[addresses.ENGLISH].all("div") if part.attributes.get("lang") == "en"
    )
    assert "not run by the city" in english.text and "4,757 million yen without the fund" in english.text
    assert english.with_class("colophon"), "who runs it, and on what terms, is said in English too"


def test_a_figure_nobody_has_is_a_dash():
    nothing = make.edition()
    assert pages.pieces.figure(nothing, "initiatives") == "0"
    assert pages.pieces.figure(nothing, "target_year_en") == "–"


# -- the printed line -------------------------------------------------------------


def _plain(text):
    return " ".join(re.sub(r"<[^<>]*>", " ", text).split())


def _lines_led_to(element, address):
    """(source page, fragment) of every link of an element that leads to a printed line."""
    for link in element.all("a"):
        if "line" in link.attributes.get("class", "").split():
            path, _, fragment = link.attributes["href"].partition("#")
            yield os.path.normpath(os.path.join("/", address, path))[1:] + "/", fragment, link.text


def test_every_link_to_a_line_says_its_number_and_lands_on_it(documents):
    ids = {address: {item.attributes.get("id") for item in page.all()} for address, page in documents.items()}
    found = [(address, *line) for address, page in documents.items() for line in _lines_led_to(page, address)]
    assert len(found) > 500
    assert [item for item in found if item[2] not in ids[item[1]] or item[3] != f"{item[2][1:]}行目"] == []


def test_the_lines_an_initiative_leads_to_hold_what_it_shows(documents, package):
    for initiative in package.initiatives:
        address = addresses.initiative(initiative.initiative_id)
        led_to = set(_lines_led_to(documents[address], address))
        listing = package.original_listing[initiative.initiative_id]
        page, fragment = addresses.source(listing.source_id), f"L{listing.source_line}"
        assert (page, fragment, f"{listing.source_line}行目") in led_to
        line = _plain(documents[page].by_id(fragment).text)
        for printed in reprint.cells_of_listing(package, listing).values():
            assert printed in line, (initiative.initiative_id, printed)


def test_the_lines_a_grant_leads_to_hold_what_it_shows(documents, package):
    for grant in package.grants:
        address = addresses.grant(grant.grant_id)
        led_to = {(page, fragment) for page, fragment, _ in _lines_led_to(documents[address], address)}
        page = addresses.source(grant.source_id)
        for line, printed in ((grant.source_line, grant.name), (grant.amount_line, grant.amount_printed)):
            assert (page, f"L{line}") in led_to
            assert printed in documents[page].by_id(f"L{line}").text


def test_a_source_page_shows_the_document_line_by_line(documents, package, project):
    for source in package.sources:
        page = documents[addresses.source(source.source_id)]
        printed = (project / source.file).read_text(encoding="utf-8").removesuffix("\n").split("\n")
        assert len(printed) == source.line_count
        for number, text in enumerate(printed, 1):
            shown, end = page.by_id(f"L{number}").text, 0
            says = re.search(r"\w", text)  # a ruled line says nothing
            for cell in filter(None, map(str.split, text.split("\t") if says else ())):
                cell = " ".join(cell)
                assert cell in shown[end:], (number, cell)
                end = shown.index(cell, end) + len(cell)
            assert shown.startswith(str(number) if says else ""), number


def test_a_line_leads_back_to_what_was_made_from_it(documents, package):
    for listing in package.listings:
        page = addresses.source(listing.source_id)
        line = documents[page].by_id(f"L{listing.source_line}")
        links = [link.attributes["href"] for link in line.all("a")]
        assert addresses.relative(addresses.initiative(listing.initiative_id), page) in links


def test_every_page_names_its_source_its_date_how_to_cite_it_and_how_to_object(documents, package):
    for address, page in documents.items():
        said = page.with_class("colophon")[0].text
        assert package.descriptor["version"] in said and package.descriptor["created"][:10] in said, address
        assert any(source.title in said for source in package.sources), address
        japanese = ("利用条件", "運営者", "引用のしかた", "この数字の誤りを")
        english = ("Terms", "Publisher", "how to cite", "Report an error")
        for label in english if address == addresses.ENGLISH else japanese:
            assert label in said, address


def _one_initiative(name):
    return make.edition(
        initiatives=[make.initiative("a", name)],
        indicators=[make.indicator("a-1", "a")],
        observations=[make.observation("a-1", 2022, "actual", "1")],
        settlements=[make.settlement("a", 2022, 1)],
    )


def test_a_prepared_report_names_the_page_and_the_row(monkeypatch):
    package = _one_initiative("雪まつり")
    monkeypatch.delenv("SHINCHOKU_REPOSITORY_URL", raising=False)
    folded = read(pages.initiative.body(package, "a")).with_class("colophon")[0].all("pre")[0].text
    assert (
        "雪まつり" in folded
        and "initiatives/a/" in folded
        and "資料の行：「" in folded
        and "の10行目" in folded
    )
    assert "いまは受け付ける窓口がありません" in read(pages.initiative.body(package, "a")).text
    assert "ページ：雪まつり（initiatives/a/）" in folded, (
        "not from the root: the site may lie below a folder"
    )
    monkeypatch.setenv("SHINCHOKU_REPOSITORY_URL", "https://github.com/owner/repository")
    linked = read(pages.initiative.body(package, "a")).with_class("colophon")[0]
    assert not linked.all("pre")
    assert any(link.attributes["href"].startswith("https://github.com/owner/") for link in linked.all("a"))


@pytest.fixture
def published_by(monkeypatch):
    """``published_by(email)``: the project's descriptor from here on, with that contact."""

    def publish(email):
        described = make.descriptor()
        contributors = [{"title": "見本の会", "roles": ["publisher"], **({"email": email} if email else {})}]
        monkeypatch.setattr(make, "descriptor", lambda: described | {"contributors": contributors})
        return _one_initiative("雪 & まつり+")

    return publish


def test_an_error_can_be_reported_by_mail_where_somebody_reads_it(published_by, monkeypatch):
    monkeypatch.setenv("SHINCHOKU_SITE_URL", "https://example.org/plan/")
    monkeypatch.setenv("SHINCHOKU_REPOSITORY_URL", "https://github.com/owner/repository")
    end = read(pages.initiative.body(published_by("kai@example.jp"), "a")).with_class("colophon")[0]
    (mail,) = (link for link in end.all("a") if "subject=" in link.attributes["href"])
    assert mail.attributes["href"].startswith("mailto:kai@example.jp?") and mail.attributes["href"].isascii()
    assert "+" not in mail.attributes["href"], "a mail program would show it"
    filled = parse_qs(urlsplit(mail.attributes["href"]).query)
    assert filled["subject"] == ["数字の誤り：雪 & まつり+"]
    assert "ページ：https://example.org/plan/initiatives/a/\r\n" in filled["body"][0]
    assert "GitHub" in end.text and not end.all("pre"), "both, and nothing to copy by hand"


def test_an_address_with_signs_of_a_link_is_only_whom_the_mail_goes_to(published_by):
    email = "kai?cc=other&x%0a@example.jp"
    links = [
        link.attributes["href"] for link in read(pages.initiative.body(published_by(email), "a")).all("a")
    ]
    mails = [link for link in links if link.startswith("mailto:")]
    assert len(mails) == 2
    assert {link.partition("?")[0] for link in mails} == {"mailto:kai%3Fcc%3Dother%26x%250a@example.jp"}


@pytest.mark.parametrize("email", ["kai@example.jp", None])
def test_every_page_says_who_publishes_it_and_whether_they_can_be_reached(published_by, email):
    package = published_by(email)
    for body in (pages.initiative.body(package, "a"), pages.pieces.operator(package)):
        assert f"見本の会（連絡先：{email or 'まだ書かれていません'}）" in read(body).text


def test_the_english_colophon_has_the_terms_of_the_data_and_an_address_that_only_says_to_whom(published_by):
    package = published_by("kai?cc=other@example.jp")
    end = read(pages.pieces.colophon_in_english(package, "en/")).with_class("colophon")[0]
    (licence,) = (link for link in end.all("a") if link.attributes.get("rel") == "license")
    assert licence.text == "CC-BY-4.0" and licence.attributes["href"].startswith(
        "https://creativecommons.org/"
    )
    mails = [link.attributes["href"] for link in end.all("a") if link.text == "kai?cc=other@example.jp"]
    assert mails == ["mailto:kai%3Fcc%3Dother@example.jp"]


@pytest.mark.parametrize("url", ["https://example.org/report.html", None])
def test_where_the_document_itself_is_found_is_a_link_only_where_somebody_knows(url):
    data = make.edition(
        sources=[make.source(url=url)],
        initiatives=[make.initiative("a")],
        indicators=[make.indicator("a-1", "a")],
        observations=[make.observation("a-1", 2022, "actual", "1")],
        settlements=[make.settlement("a", 2022, 1)],
    )
    for body in (pages.initiative.body(data, "a"), pages.source.body(data, make.SOURCE_ID)):
        links = {link.attributes["href"] for link in read(body).all("a")}
        assert (url in links) == (url is not None)


def test_a_citation_names_the_documents_of_its_page_and_its_address_where_known(package, monkeypatch):
    def cited(body):
        return next(item.text for item in read(body).all("dd") if "『" in item.text)

    initiative, grant = package.initiatives[0], package.grants[0]
    monkeypatch.delenv("SHINCHOKU_SITE_URL", raising=False)
    assert "http" not in cited(pages.initiative.body(package, initiative.initiative_id))
    monkeypatch.setenv("SHINCHOKU_SITE_URL", "https://example.org/plan/")
    for body, address, shown in (
        (
            pages.initiative.body(package, initiative.initiative_id),
            addresses.initiative(initiative.initiative_id),
            {initiative.source_id},
        ),
        (pages.grant.body(package, grant.grant_id), addresses.grant(grant.grant_id), {grant.source_id}),
        (pages.home.body(package), addresses.HOME, {source.source_id for source in package.sources}),
    ):
        said = cited(body)
        assert f" https://example.org/plan/{address}（" in said
        assert {item.source_id for item in package.sources if item.title in said} == shown


# -- words --------------------------------------------------------------------------


def _term(term_id, term, *others):
    return Term(term_id, term, "群", "意味", None, None, others)


def _explained(*texts, terms):
    explain = Explainer(make.edition(glossary=terms), lambda address: f"../{address}")
    return [str(explain(text)) for text in texts]


def test_the_first_time_a_word_is_said_it_leads_to_its_meaning():
    said = _explained("累計の<値>", "累計", terms=[_term("cumulative", "累計")])
    assert said == ['<a class="term" href="../glossary/#cumulative">累計</a>の&lt;値&gt;', "累計"]


def test_the_longer_word_wins_and_other_spellings_are_the_same_word():
    terms = [_term("a", "単年", "単年度"), _term("it", "IT"), _term("ict", "ICT")]
    first, second, third = _explained("単年度と単年", "ITとICT", "IT", terms=terms)
    assert first.count("<a") == 1 and ">単年度</a>" in first
    assert [part for part in re.findall(r"#(\w+)", second)] == ["it", "ict"]
    assert third == "IT"


def test_a_latin_word_is_not_found_inside_another():
    assert _explained("BITS", "xIT", terms=[_term("it", "IT")]) == ["BITS", "xIT"]


def test_a_package_without_a_glossary_explains_nothing():
    assert _explained("累計<b>", terms=[]) == ["累計&lt;b&gt;"]
    assert "まだありません" in pages.glossary.body(make.edition())


def test_the_glossary_is_sound_and_says_truly_where_a_word_is_printed(package):
    ids = [term.term_id for term in package.glossary]
    words = [word for term in package.glossary for word in (term.term, *term.others)]
    assert len(set(ids)) == len(ids) and len(set(words)) == len(words)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in ids)
    for term in package.glossary:
        assert term.meaning.endswith("。"), term.term
        if term.printed_in is None:
            continue
        lines = package.source_lines[term.printed_in]
        first = next(
            (
                number
                for number, line in enumerate(lines, 1)
                if any(w in line for w in (term.term, *term.others))
            ),
            None,
        )
        assert term.printed_line == first, term.term


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("- group: 群\n  terms: [", "YAMLとして読めません"),
        ("- group: 群\n  terms:\n    - {id: a, term: あ}\n", "meaning"),
        ("- group: 群\n  terms:\n    - {id: a, term: あ, meaning: い。, lined: false}\n", "lined"),
        ("- group: 群\n  terms:\n    - {id: a, term: あ, meaning: い。, printed: {source: s}}\n", "line"),
        ("群", "まとまりの一覧"),
        ("- group: 群\n  terms:\n    - あ\n", "の組ではありません"),
        ("- group: 群\n  terms:\n    - {id: 1, term: あ, meaning: い。}\n", "id"),
        ("- group: 群\n  terms:\n    - {id: a, term: あ, meaning: 5}\n", "meaning"),
        ("- group: 群\n  terms:\n    - {id: a, term: あ, meaning: い。, others: [5]}\n", "others"),
        ("- group: 群\n  terms:\n    - {id: a, term: あ, meaning: い。, printed: s}\n", "printed"),
        ("- group: 群\n  terms:\n    - {id: a, term: 2024-13-45, meaning: い。}\n", "YAMLとして読めない値"),
    ],
)
def test_a_glossary_that_cannot_be_read_says_what_is_wrong(tmp_path, written, said):
    directory = make.write(make.edition(), tmp_path / "package")
    (directory / "data/glossary.yml").write_text(written, encoding="utf-8")
    with pytest.raises(PackageError, match=said) as error:
        read_package(directory)
    assert "glossary.yml" in str(error.value)


def test_words_are_linked_on_the_site_but_not_inside_names(documents, package):
    linked = {
        link.attributes["href"].partition("#")[2]
        for page in documents.values()
        for link in page.all("a")
        if link.attributes.get("class") == "term"
    }
    assert {"settlement-estimate", "relisting", "cumulative", "mice", "sixth-industry"} <= linked
    for initiative in package.initiatives:
        heading = documents[addresses.initiative(initiative.initiative_id)].all("h1")[0]
        assert not heading.all("a")


def test_no_page_links_a_word_twice(documents):
    for address, page in documents.items():
        links = [item.attributes["href"] for item in page.all("a") if item.attributes.get("class") == "term"]
        assert len(set(links)) == len(links), address


# -- smaller pages -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "smaller"),
    [
        ("\n\n<p>\n      a\n\n   b  c </p>\n", "<p>\na\nb  c </p>\n"),
        ("<a>x</a>   <a>y</a>", "<a>x</a>   <a>y</a>"),
        ("<pre>\n  x\n\n  y</pre>\n\n<p>", "<pre>\n  x\n\n  y</pre>\n<p>"),
        (
            "<script>a\n\n  b</script>\n\n<textarea>\n  c</textarea>",
            "<script>a\n\n  b</script>\n<textarea>\n  c</textarea>",
        ),
        ("<p>　字下げ\n　字下げ</p>", "<p>　字下げ\n　字下げ</p>"),
    ],
)
def test_only_white_space_that_does_not_count_is_left_out(html, smaller):
    assert minifying.compacted(html) == smaller


def test_scripts_lose_the_remarks_that_fill_whole_lines():
    script = '/*! licence */\n// why\nif (a) {\n  /** What\n   * it does. */\n  f("// b"); // c\n}\n'
    assert minifying.compacted_script(script) == '/*! licence */\nif (a) {\nf("// b"); // c\n}\n'
    beside_code = "/* a */ f();\ng();\n/* b */\n"
    assert minifying.compacted_script(beside_code) == "/* a */ f();\ng();\n"
    for path in (PROJECT / "src/shinchoku/site/assets").glob("*.js"):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert line.count("`") % 2 == 0 or line.lstrip().startswith(("//", "*", "/*")), (path.name, line)


def test_style_sheets_keep_their_licences_and_lose_their_remarks():
    css = '/*! of others */\n\na {\n  /* why */\n  content: "  /" ;\n}\n'
    assert minifying.compacted_style(css) == '/*! of others */\na {\ncontent: "  /" ;\n}\n'
