"""From printed progress reports to an open-data package and a static site.

``ls`` shows the flow: ``importing`` (documents to CSVs), ``validation``,
``package`` (CSVs to records and their joins), ``metrics`` (what is calculated),
``exports``/``pages`` (what is published), ``macros`` and
``cli`` (the two doors from outside).
"""

__version__ = "0.1.0"
