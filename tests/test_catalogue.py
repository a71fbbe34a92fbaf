"""The data as those who find and cite data read it: DCAT, schema.org, Citation File Format; and which version it says it is."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import zipfile
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pyshacl
import pytest
import rdflib
import yaml

import builders
from frozen_project import FROZEN, SITE_URL
from shinchoku import addresses, cli, exports, validation
from shinchoku.changes import releasing
from shinchoku.exports import bundle, catalogue, terms
from shinchoku.exports.index import made
from shinchoku.package.reading import read_package
from shinchoku.paths import CITATION
from shinchoku.site import describing

SHAPES = Path(__file__).parent / "fixtures" / "dcat-ap.ttl"
DAY = date(2026, 11, 22)
#: Said by the library of its own parser.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")


@pytest.fixture(scope="module")
def files(downloads) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (downloads / "data").iterdir() if path.is_file()}


@pytest.fixture(scope="module")
def described(package, files):
    return catalogue.descriptions(package, json.loads(files["datapackage.json"]), _made(files), SITE_URL)


def _made(files):
    return {name: made(content) for name, content in files.items()}


# -- for the catalogue of a city: DCAT ------------------------------------------------


def problems(content: str) -> list[str]:
    """What SHACL says against a catalogue."""
    found = rdflib.Graph().parse(data=content, format="json-ld", publicID=f"{SITE_URL}data/catalog.jsonld")
    _, report, _ = pyshacl.validate(found, shacl_graph=rdflib.Graph().parse(SHAPES))
    said = report.objects(None, rdflib.SH.resultPath)
    return sorted(str(path).rpartition("#")[2].rpartition("/")[2] for path in said)


def test_the_catalogue_is_right_and_lists_every_table_with_its_file(files, package):
    content = files[catalogue.CATALOGUE].decode("utf-8")
    assert problems(content) == []
    graph = rdflib.Graph().parse(data=content, format="json-ld")
    tables = {item["name"] for item in json.loads(files["datapackage.json"])["resources"]}
    datasets = set(graph.subjects(rdflib.RDF.type, rdflib.DCAT.Dataset))
    assert datasets == {
        rdflib.URIRef(f"{SITE_URL}{page}#dataset") for page in (addresses.DATA, *map(addresses.table, tables))
    }
    for distribution in graph.subjects(rdflib.RDF.type, rdflib.DCAT.Distribution):
        name = str(graph.value(distribution, rdflib.DCAT.downloadURL)).removeprefix(f"{SITE_URL}data/")
        assert graph.value(distribution, rdflib.DCAT.byteSize).toPython() == len(files[name])
        checksum = graph.value(distribution, rdflib.URIRef("http://spdx.org/rdf/terms#checksum"))
        digests = set(map(str, graph.objects(checksum)))
        assert hashlib.sha256(files[name]).hexdigest() in digests


def test_a_catalogue_that_says_where_nothing_is_has_relative_addresses(package, files):
    content = catalogue.catalog(package, json.loads(files["datapackage.json"]), _made(files)).decode("utf-8")
    assert "http://example" not in content and '"@id": "tables/grants/#dataset"' in content
    assert problems(content) == []


def test_what_is_wrong_in_a_catalogue_is_found(files):
    content = files[catalogue.CATALOGUE].decode("utf-8")
    spoilt = [
        ('"byteSize": "', '"byteSize": "-', "byteSize"),
        ('"checksumValue": "', '"checksumValue": "0', "checksumValue"),
        ('"dcat:accessURL"', '"dcat:page"', "accessURL"),
        ('"foaf:name"', '"foaf:nick"', "name"),
        ('"startDate": "20', '"startDate": "29', "startDate"),
        ('"dct:identifier": "011002"', '"dct:identifier": "1100"', "identifier"),
        ('"@type": "dct:LicenseDocument"', '"@type": "foaf:Document"', "license"),
    ]
    for old, new, _ in spoilt:
        assert old in content
        content = content.replace(old, new)
    assert {path for *_, path in spoilt} <= set(problems(content))


def test_who_answers_for_the_data_can_be_reached(package, files):
    def catalog(email):
        whole = json.loads(files["datapackage.json"])
        whole["contributors"][0]["email"] = email
        return catalogue.catalog(package, whole, _made(files))

    assert b'"vcard:hasEmail": {\n' in catalog("kai?cc=x@example.jp") and b"vcard:fn" in catalog("a@b.jp")
    assert problems(catalog("kai?cc=x@example.jp").decode()) == []
    assert b"vcard:fn" not in files[catalogue.CATALOGUE]


# -- for search engines: schema.org ----------------------------------------------------


def test_the_page_of_the_data_says_of_when_and_where_it_is_and_what_can_be_taken(described, files, package):
    data = described[addresses.DATA]
    assert (data["@type"], data["url"]) == ("Dataset", f"{SITE_URL}data/")
    assert data["version"] == package.descriptor["version"]
    assert data["temporalCoverage"] == "2018-04-01/2023-03-31"
    place = data["spatialCoverage"]
    assert (place["name"], place["identifier"]["value"]) == ("札幌市", "011002")
    assert [item["author"]["name"] for item in data["isBasedOn"]] == ["札幌市", "札幌市"]
    assert all("利用条件は印刷されていない" in item["copyrightNotice"] for item in data["isBasedOn"])
    assert [item["name"] for item in data["creator"]] == ["shinchoku contributors"]
    for item in data["distribution"]:
        content = files[item["contentUrl"].removeprefix(f"{SITE_URL}data/")]
        assert item["contentSize"] == f"{len(content)} B"
        assert item["sha256"] == hashlib.sha256(content).hexdigest()
    assert {item["name"].rpartition(".")[2] for item in data["distribution"]} >= {"zip", "xlsx", "json"}
    assert [part["url"] for part in data["hasPart"]] == [
        f"{SITE_URL}{page}" for page in described if page != addresses.DATA
    ]


def test_a_table_says_its_columns_and_no_licence_that_nobody_gave(described):
    observations = described[addresses.table("observations")]
    assert observations["variableMeasured"][0]["name"] == "indicator_id"
    assert observations["isPartOf"]["url"] == f"{SITE_URL}data/"
    text = f"{SITE_URL}data/LICENSE.txt"
    assert "license" not in observations and observations["usageInfo"] == text
    assert described[addresses.DATA]["license"] == text
    open_ones = {page for page, item in described.items() if "creativecommons" in item.get("license", "")}
    assert open_ones == {addresses.table(name) for name in ("absences", "initiative_grants", "readings")}
    assert "temporalCoverage" not in described[addresses.table("grants")]


class _Scripts(HTMLParser):
    """(type, text) of every script, as a browser takes them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str | None, str]] = []
        self._type: str | None = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self._type = dict(attrs).get("type") if tag == "script" else None

    def handle_endtag(self, tag):
        self._type = None

    def handle_data(self, data):
        if self._type:
            self.found.append((self._type, data))


def test_no_text_ends_the_block_or_runs(package, files, tmp_path):
    evil = "</script><script>alert(1)</script><!-- <script> ]]> &lt; \u2028"
    whole = json.loads(files["datapackage.json"]) | {"title": evil, "description": evil}
    for name, content in {**files, "datapackage.json": json.dumps(whole).encode()}.items():
        (tmp_path / "data").mkdir(exist_ok=True)
        (tmp_path / "data" / name).write_bytes(content)
    for address in (addresses.DATA, *(addresses.table(item["name"]) for item in whole["resources"])):
        (tmp_path / address).mkdir(parents=True, exist_ok=True)
        (tmp_path / address / "index.html").write_text("<html><body>本文</body></html>", encoding="utf-8")
    describing.add(tmp_path, package, SITE_URL)
    page = tmp_path / addresses.DATA / "index.html"
    ((kind, text),) = _Scripts(page.read_text(encoding="utf-8")).found
    assert kind == "application/ld+json" and json.loads(text)["name"] == evil
    assert not re.search("[<>&\u2028]", text)


def test_the_built_pages_hold_it(built_site):
    for page in (addresses.DATA, addresses.table("readings")):
        path = built_site / page / "index.html"
        ((_, text),) = _Scripts(path.read_text(encoding="utf-8")).found
        found = json.loads(text)
        assert found["@type"] == "Dataset" and not found["url"].startswith("/"), (
            "relative: no address is known"
        )


# -- for who cites it: Citation File Format --------------------------------------------


def test_the_citation_has_the_form_and_cites_the_newest_version(package):
    """The keys of Citation File Format 1.2.0 that it uses; the repository has that of the newest version."""
    cited = yaml.safe_load(catalogue.citation_file(package))
    assert (cited["cff-version"], cited["type"]) == ("1.2.0", "dataset")
    assert cited["message"] and all(author["name"] for author in cited["authors"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", cited["date-released"])
    assert (cited["title"], cited["version"]) == (package.descriptor["title"], package.descriptor["version"])
    assert [item["type"] for item in cited["references"]] == ["report"] * len(package.sources)
    assert {author["name"] for item in cited["references"] for author in item["authors"]} == {"札幌市"}
    assert "license" not in cited, "of the whole there is none that has a name"
    allowed = "cff-version message type title abstract authors contact version date-released identifiers keywords references"
    assert set(cited) <= set(allowed.split())


# -- which version it says it is --------------------------------------------------------


@pytest.fixture
def released(tmp_path: Path) -> Path:
    """A tiny package with its first version."""
    folder = Path(shutil.copytree(FROZEN.parent / "small-package", tmp_path / "package"))
    builders.copy_descriptor(folder)
    releasing.release(folder, "1.0.0", "最初の版です。", DAY, bundle.archive)
    return folder


def held_in(archive: Path, name: str) -> bytes:
    with zipfile.ZipFile(archive) as opened:
        return opened.read(name)


def correct(folder: Path) -> None:
    table = folder / "data" / "source_notes.csv"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace("最初の掲載では175。", "最初の掲載の行では175。"), encoding="utf-8")


def test_what_is_the_version_is_published_as_its_very_archive(released, tmp_path):
    published = bundle.as_published(released)
    assert (published.descriptor["version"], terms.version_note(published)) == ("1.0.0", "")
    exports.write_exports(published, released, tmp_path / "docs", SITE_URL)
    (zipped,) = (tmp_path / "docs/data").glob("*.zip")
    (archive,) = (released / "releases/1.0.0").glob("*.zip")
    assert zipped.read_bytes() == archive.read_bytes()
    assert (released / CITATION).read_bytes() == held_in(archive, CITATION)


def test_what_changed_since_has_a_version_that_nothing_else_has(released, tmp_path):
    correct(released)
    published = bundle.as_published(released)
    version = published.descriptor["version"]
    assert re.fullmatch(r"1\.0\.0\+[0-9a-f]{8}", version)
    assert terms.version_note(published) == "版 1.0.0 のあとに直しがあります"
    exports.write_exports(published, released, tmp_path / "docs", SITE_URL)
    folder = tmp_path / "docs" / "data"
    for name in ("datapackage.json", "README.txt", "index.json", catalogue.CATALOGUE):
        assert version in (folder / name).read_text(encoding="utf-8"), name
    # Unpacked it can be read, checked and published, as another version than the one it comes from.
    (zipped,) = folder.glob("*.zip")
    with zipfile.ZipFile(zipped) as archive:
        assert {entry.filename for entry in archive.infolist()} >= {CITATION, "LICENSE.txt"}
        assert SITE_URL.encode() not in b"".join(map(archive.read, archive.namelist()))
        archive.extractall(tmp_path / "unpacked")
    assert read_package(tmp_path / "unpacked").descriptor["version"] == version
    assert [
        problem for problem in validation.validate(tmp_path / "unpacked") if problem.severity == "error"
    ] == []
    again = bundle.as_published(tmp_path / "unpacked").descriptor["version"]
    assert re.fullmatch(r"1\.0\.0\+[0-9a-f]{8}", again)
    assert cli.main(["release", "1.0.0", str(tmp_path / "unpacked"), "--summary", "訂正"]) == 1
    assert cli.main(["release", "1.0.1", str(tmp_path / "unpacked"), "--summary", "訂正"]) == 0
    assert bundle.as_published(tmp_path / "unpacked").descriptor["version"] == "1.0.1"


def test_terms_that_are_a_text_are_not_said_to_be_in_a_file_that_is_not_published(package):
    whole = [{**each, "licenses": []} for each in package.descriptor["resources"]]
    said = terms.licence(replace(package, descriptor={**package.descriptor, "resources": whole}))
    (licence,) = package.descriptor["licenses"]
    assert f"・{licence['title']}\n" in said and licence["path"] not in said


def test_before_the_first_version_it_says_so(package):
    descriptor = {**package.descriptor, "version": "0.1.0+0123abcd"}
    assert (
        terms.version_note(replace(package, descriptor=descriptor, releases=()))
        == "まだ版として出していません"
    )
