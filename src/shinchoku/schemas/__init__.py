"""JSON Schemas of what people write by hand, and what reads and checks such files.

``datapackage-2.0.json`` is the official profile; ``descriptor.json`` is what this project asks of
``datapackage.json`` beyond it; ``glossary.json``, ``decisions.json`` (property: name of the file), ``layout.json`` (property: its kind) and
``release.json`` are the files of these names. ``reading`` makes values of JSON and YAML, ``checking``
says in Japanese where they differ from a schema.
"""
