"""The data described for those who find and cite data, each time in their own vocabulary.

``descriptions``   schema.org ``Dataset``, which search engines read in the pages of the data and of each table
``catalog``        DCAT 3 (DCAT-AP), which the catalogue of a city or a country harvests: ``data/catalog.jsonld``
``citation_file``  Citation File Format 1.2.0, for who cites a version: ``CITATION.cff`` in the zip

All say what the published descriptor says (``data/datapackage.json``) and what the files are, and nothing else.
A licence stands only where one is given: for what is quoted there is none, but the text that says so.
Addresses are whole where the site's is known, and else relative. Must not write anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from shinchoku import addresses, derived
from shinchoku.exports import json_text, terms
from shinchoku.exports.index import Made, media_type
from shinchoku.package.descriptor import counts_calendar_years, publishers
from shinchoku.package.editions import Edition, View
from shinchoku.paths import LICENCE
from shinchoku.schemas.writing import yaml_text

CATALOGUE = "catalog.jsonld"
#: End of a file's name → what its format is called. In the order in which a whole package is offered.
_FORMATS = {"zip": "ZIP", "xlsx": "XLSX", "sqlite": "SQLite", "json": "JSON", "csv": "CSV"}
#: Ends of the names of the files that hold the whole package and are called as it is; beside them, what holds it, too.
_WHOLE, _WHOLE_TOO = ("zip", "xlsx", "sqlite"), "initiatives.json"
_LOCAL_GOVERNMENT_CODE = "全国地方公共団体コード"


@dataclass(frozen=True)
class _Download:
    """A file in ``data/``."""

    name: str
    made: Made

    @property
    def address(self) -> str:
        return f"{addresses.DATA}{self.name}"

    @property
    def format(self) -> str:
        return _FORMATS[self.name.rpartition(".")[2]]


@dataclass(frozen=True)
class _Described:
    """The package, or one of its tables (``resource``), with the facts that every vocabulary names in its own way."""

    package: View
    #: Path below ``data/`` → what is known of all that is published there.
    files: Mapping[str, Made]
    #: As it is published.
    descriptor: Mapping[str, Any]
    site_url: str
    #: The page in which it is described, from where addresses lead.
    page: str
    resource: Mapping[str, Any] | None = None

    def at(self, address: str) -> str:
        if addresses.is_on_the_web(self.site_url):
            return addresses.public(address, self.site_url)
        return addresses.relative(address, self.page)

    @property
    def whole(self) -> _Described:
        return replace(self, resource=None)

    @property
    def tables(self) -> list[_Described]:
        return [replace(self, resource=resource) for resource in self.descriptor["resources"]]

    @property
    def address(self) -> str:
        """Of its own page."""
        return addresses.DATA if self.resource is None else addresses.table(self.resource["name"])

    @property
    def title(self) -> dict[str, str]:
        """By language."""
        ja, en = self.descriptor["title"], self.descriptor["title_en"]
        if self.resource is None:
            return {"ja": ja, "en": en}
        return {"ja": f"{self.resource['title']}：{ja}", "en": f"{self.resource['title_en']}: {en}"}

    @property
    def description(self) -> dict[str, str]:
        """By language."""
        own = self.resource or self.descriptor
        ja, en = own["description"], own["description_en"]
        if self.resource is None:
            return {"ja": ja, "en": en}
        title, title_en = self.descriptor["title"], self.descriptor["title_en"]
        return {"ja": f"{ja}「{title}」の表の1つ。", "en": f"{en} A table of “{title_en}”."}

    @property
    def identifier(self) -> str:
        whole = self.descriptor.get("id", self.descriptor["name"])
        return whole if self.resource is None else f"{whole}:{self.resource['name']}"

    @property
    def downloads(self) -> list[_Download]:
        if self.resource is not None:
            return [self._download(self.resource["path"])]
        names = [f"{self.descriptor['name']}.{ending}" for ending in _WHOLE]
        return [self._download(name) for name in (*names, _WHOLE_TOO)]

    def _download(self, name: str) -> _Download:
        return _Download(name, self.files[name])

    @property
    def licence(self) -> Mapping[str, Any] | None:
        """The one that is given for all of it. A text without a name is that of the whole alone."""
        whole = self.descriptor["licenses"]
        if self.resource is None:
            return whole[0]
        given = self.resource.get("licenses", [item for item in whole if "name" in item])
        return given[0] if given else None

    @property
    def terms(self) -> str:
        """The address of the text that says what is on which terms."""
        return self.at(f"{addresses.DATA}{LICENCE}")

    def licence_address(self, licence: Mapping[str, Any]) -> str:
        return licence["path"] if addresses.is_on_the_web(licence["path"]) else self.terms

    @property
    def first_published(self) -> str | None:
        """That of the package; of a table nobody has written down in which version it came."""
        first = next((str(each.released_on) for each in self.package.releases), None)
        return first if self.resource is None else None

    @property
    def changed(self) -> str:
        """The day of the version, or that of a later correction."""
        days = (str(each.changed_on) for each in self.package.package.changes if each.changed_on)
        return max([self.descriptor["created"][:10], *days])

    @property
    def publishers(self) -> list[Mapping[str, Any]]:
        return publishers(self.descriptor) or self.descriptor["contributors"]

    @property
    def period(self) -> tuple[str, str] | None:
        """The first and the last day of the years that its rows are of."""
        parts = self.tables if self.resource is None else [self]
        years = [year for part in parts for year in part._years()]
        if years and counts_calendar_years(self.package.descriptor):
            return f"{min(years)}-01-01", f"{max(years)}-12-31"
        return (f"{min(years)}-04-01", f"{max(years) + 1}-03-31") if years else None

    def _years(self) -> Iterator[int]:
        resource = self.resource or {}
        if any(field["name"] == "fiscal_year" for field in resource["schema"]["fields"]):
            yield from derived.years(self.package.newest, resource["name"])


def _stated(pairs: Mapping[str, Any]) -> dict[str, Any]:
    """Without what there is nothing to say of."""
    return {name: value for name, value in pairs.items() if value not in (None, [], "")}


# -- schema.org ---------------------------------------------------------------


def descriptions(
    package: Edition, descriptor: Mapping[str, Any], files: Mapping[str, Made], site_url: str = ""
) -> dict[str, Any]:
    """Address of a page → the ``Dataset`` that it is about; ``descriptor`` is the one of ``data/``."""
    whole = _Described(package, files, descriptor, site_url, addresses.DATA)
    return {each.address: _dataset(replace(each, page=each.address)) for each in (whole, *whole.tables)}


def in_html(description: Mapping[str, Any]) -> str:
    """A description as a block of data, which no browser runs and no text in it can end."""
    text = json.dumps(description, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return f'<script type="application/ld+json">{text}</script>'


def _dataset(it: _Described) -> dict[str, Any]:
    whole = it.descriptor
    by = [_organization(each) for each in whole["contributors"]]
    return {"@context": "https://schema.org/", **_named(it)} | _stated(
        {
            "identifier": it.identifier,
            "version": whole["version"],
            "datePublished": it.first_published,
            "dateModified": it.changed,
            "inLanguage": "ja",
            "isAccessibleForFree": True,
            "creator": by,
            "publisher": [_organization(each) for each in it.publishers],
            "isBasedOn": [_document(it, source) for source in whole["sources"]],
            "temporalCoverage": it.period and "/".join(it.period),
            "spatialCoverage": whole.get("spatial") and _place(whole["spatial"]),
            "keywords": whole.get("keywords"),
            "license": it.licence and it.licence_address(it.licence),
            # Of what has no licence of its own, this says why.
            "usageInfo": None if it.licence else it.terms,
            "creditText": terms.citation(it.package, it.at(it.address), it.package.sources),
            "variableMeasured": it.resource and [_variable(each) for each in it.resource["schema"]["fields"]],
            "distribution": [
                {
                    "@type": "DataDownload",
                    "name": each.name,
                    "encodingFormat": media_type(each.name),
                    "contentUrl": it.at(each.address),
                    "contentSize": f"{each.made.bytes} B",
                    "sha256": each.made.sha256,
                }
                for each in it.downloads
            ],
            "hasPart": [] if it.resource else [_named(table) for table in it.tables],
            "isPartOf": it.resource and _named(it.whole),
        }
    )


def _named(it: _Described) -> dict[str, Any]:
    return {
        "@type": "Dataset",
        "@id": f"{it.at(it.address)}#dataset",
        "name": it.title["ja"],
        "alternateName": it.title["en"],
        "description": it.description["ja"],
        "url": it.at(it.address),
    }


def _organization(contributor: Mapping[str, Any]) -> dict[str, Any]:
    return {"@type": "Organization", "name": contributor["title"]} | _stated(
        {"url": contributor.get("path"), "email": contributor.get("email")}
    )


def _document(it: _Described, source: Mapping[str, Any]) -> dict[str, Any]:
    author = {"@type": "Organization", "name": source["author"]} if "author" in source else None
    path = source["path"]
    return {"@type": "CreativeWork", "name": source["title"]} | _stated(
        {
            "author": author,
            "copyrightNotice": source.get("terms"),
            "url": path if addresses.is_on_the_web(path) else it.at(f"{addresses.DATA}{path}"),
        }
    )


def _place(spatial: Mapping[str, str]) -> dict[str, Any]:
    code = {"@type": "PropertyValue", "propertyID": _LOCAL_GOVERNMENT_CODE, "value": spatial["code"]}
    return {
        "@type": "AdministrativeArea",
        "name": spatial["name"],
        "alternateName": spatial["name_en"],
        "identifier": code,
    }


def _variable(field: Mapping[str, Any]) -> dict[str, Any]:
    return _stated(
        {
            "@type": "PropertyValue",
            "name": field["name"],
            "alternateName": field["title"],
            "description": field["description"],
            "unitText": field.get("unit"),
        }
    )


# -- DCAT ---------------------------------------------------------------------

#: In the file itself, so that who reads it need not ask anybody else.
_CONTEXT: Mapping[str, Any] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "prov": "http://www.w3.org/ns/prov#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    **{name: {"@id": f"dct:{name}", "@container": "@language"} for name in ("title", "description")},
    **{name: {"@id": f"dct:{name}", "@type": "xsd:date"} for name in ("issued", "modified")},
    **{name: {"@id": f"dcat:{name}", "@type": "xsd:date"} for name in ("startDate", "endDate")},
    "byteSize": {"@id": "dcat:byteSize", "@type": "xsd:nonNegativeInteger"},
    "checksumValue": {"@id": "spdx:checksumValue", "@type": "xsd:hexBinary"},
    "prefLabel": {"@id": "skos:prefLabel", "@container": "@language"},
}
_JAPANESE = "http://publications.europa.eu/resource/authority/language/JPN"
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"


def catalog(
    package: Edition, descriptor: Mapping[str, Any], files: Mapping[str, Made], site_url: str = ""
) -> bytes:
    """The catalogue: the package and each of its tables, with their files; ``descriptor`` is the one of ``data/``."""
    whole = _Described(package, files, descriptor, site_url, addresses.DATA)
    return json_text.encode(
        {"@context": _CONTEXT, "@id": f"{whole.at(addresses.DATA)}{CATALOGUE}", "@type": "dcat:Catalog"}
        | _stated(
            {
                "title": {
                    "ja": f"データカタログ：{whole.title['ja']}",
                    "en": f"Data catalogue: {whole.title['en']}",
                },
                "description": whole.description,
                "issued": whole.first_published,
                "modified": whole.changed,
                "dct:language": _typed("dct:LinguisticSystem", _JAPANESE),
                "dct:publisher": [_agent(each) for each in whole.publishers],
                "dct:spatial": _location(whole),
                "foaf:homepage": _typed("foaf:Document", whole.at(addresses.DATA)),
                "dcat:dataset": [_dcat_dataset(each) for each in (whole, *whole.tables)],
            }
        )
    )


def _dcat_dataset(it: _Described) -> dict[str, Any]:
    whole = it.descriptor
    mails = [each for each in it.publishers if "email" in each]
    named = {"@id": _id(it), "@type": "dcat:Dataset", "title": it.title}
    return named | _stated(
        {
            "description": it.description,
            "dct:identifier": it.identifier,
            "dcat:version": whole["version"],
            "issued": it.first_published,
            "modified": it.changed,
            "dct:language": _typed("dct:LinguisticSystem", _JAPANESE),
            "dcat:keyword": whole.get("keywords"),
            "dct:creator": [_agent(each) for each in whole["contributors"]],
            "dct:publisher": [_agent(each) for each in it.publishers],
            "dcat:contactPoint": [_contact(each) for each in mails],
            "dcat:landingPage": _typed("foaf:Document", it.at(it.address)),
            "dct:temporal": _period_of(it),
            "dct:spatial": _location(it),
            "dct:conformsTo": _typed("dct:Standard", whole["$schema"]) if "$schema" in whole else None,
            "prov:wasDerivedFrom": [_entity(it, source) for source in whole["sources"]],
            "dct:hasPart": [] if it.resource else [{"@id": _id(table)} for table in it.tables],
            "dct:isPartOf": it.resource and {"@id": _id(it.whole)},
            "dcat:distribution": [_distribution(it, each) for each in it.downloads],
        }
    )


def _distribution(it: _Described, download: _Download) -> dict[str, Any]:
    label = download.format
    address = it.at(download.address)
    return {"@id": f"{address}#distribution", "@type": "dcat:Distribution"} | _stated(
        {
            "title": {"ja": f"{it.title['ja']}（{label}）", "en": f"{it.title['en']} ({label})"},
            "modified": it.changed,
            "dcat:accessURL": _typed("rdfs:Resource", it.at(it.address)),
            "dcat:downloadURL": _typed("rdfs:Resource", address),
            "dcat:mediaType": _typed("dct:MediaType", f"{_MEDIA_TYPES}{media_type(download.name)}"),
            "dct:format": {"@type": "dct:MediaTypeOrExtent", "rdfs:label": label},
            "byteSize": str(download.made.bytes),
            "spdx:checksum": {
                "@type": "spdx:Checksum",
                "spdx:algorithm": _typed("spdx:ChecksumAlgorithm", "spdx:checksumAlgorithm_sha256"),
                "checksumValue": download.made.sha256,
            },
            "dct:license": it.licence and _licence(it, it.licence),
            "dct:rights": None
            if it.licence
            else _typed("dct:RightsStatement", it.terms)
            | {"rdfs:label": it.descriptor["licenses"][0]["title"]},
        }
    )


def _id(it: _Described) -> str:
    return f"{it.at(it.address)}#dataset"


def _typed(kind: str, address: str) -> dict[str, Any]:
    return {"@id": address, "@type": kind}


def _licence(it: _Described, licence: Mapping[str, Any]) -> dict[str, Any]:
    return _typed("dct:LicenseDocument", it.licence_address(licence)) | {"title": {"ja": licence["title"]}}


def _agent(contributor: Mapping[str, Any]) -> dict[str, Any]:
    home = contributor.get("path")
    return {"@type": "foaf:Agent", "foaf:name": contributor["title"]} | _stated(
        {"foaf:homepage": home and _typed("foaf:Document", home)}
    )


def _contact(contributor: Mapping[str, Any]) -> dict[str, Any]:
    mail = {"@id": f"mailto:{quote(contributor['email'], safe='@')}"}
    kinds = ["vcard:Kind", "vcard:Organization"]
    return {"@type": kinds, "vcard:fn": contributor["title"], "vcard:hasEmail": mail}


def _period_of(it: _Described) -> dict[str, Any] | None:
    if it.period is None:
        return None
    first, last = it.period
    return {"@type": "dct:PeriodOfTime", "startDate": first, "endDate": last}


def _location(it: _Described) -> dict[str, Any] | None:
    if (spatial := it.descriptor.get("spatial")) is None:
        return None
    return {
        "@type": "dct:Location",
        "prefLabel": {"ja": spatial["name"], "en": spatial["name_en"]},
        "dct:identifier": spatial["code"],
    }


def _entity(it: _Described, source: Mapping[str, Any]) -> dict[str, Any]:
    found = _document(it, source)
    author = source.get("author")
    return _typed("prov:Entity", found["url"]) | _stated(
        {
            "title": {"ja": source["title"]},
            "dct:creator": author and {"@type": "foaf:Agent", "foaf:name": author},
            "dct:rights": found.get("copyrightNotice")
            and {"@type": "dct:RightsStatement", "rdfs:label": found["copyrightNotice"]},
        }
    )


# -- Citation File Format -----------------------------------------------------


def citation_file(package: View) -> str:
    """How to cite the version; no address is in it, for a version is the same wherever its site stands."""
    descriptor = package.descriptor
    mail = terms.operator(package).email
    said = {
        "cff-version": "1.2.0",
        "message": "このデータを使うときは、原資料とともに、次のように引用してください。"
        " If you use this data, please cite it as below, together with the source documents.",
        "type": "dataset",
        "title": descriptor["title"],
        "abstract": descriptor["description"],
        "authors": [{"name": item["title"]} for item in descriptor["contributors"]],
        "contact": mail and [{"name": terms.operator(package).name, "email": mail}],
        "version": descriptor["version"],
        "date-released": descriptor["created"][:10],
        "identifiers": [{"type": "other", "value": descriptor["id"]}] if "id" in descriptor else None,
        "keywords": list(dict.fromkeys(descriptor.get("keywords", ()))),
        "references": [
            _stated(
                {
                    "type": "report",
                    "title": source.title,
                    "authors": [{"name": source.publisher}],
                    "url": source.url,
                    "notes": source.terms,
                }
            )
            for source in package.sources
        ],
    }
    return yaml_text(_stated(said))
