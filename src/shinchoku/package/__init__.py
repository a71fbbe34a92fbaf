"""A package folder and what is in it: facts only; what is calculated from them is for ``metrics``.

``records``      the frozen record types, one a table; a term and a release
``descriptor``   ``datapackage.json``: its tables, their keys; names that stay in the folder
``cells``        tables as text, also of an older schema; text to values and back
``glossary``     what words mean
``releases``     the published versions
``joins``        all tables, joined
``editions``     the whole package, its edition of a year, and what one document prints
``reading``      from a folder to a package
``reprint``      the printed documents again, from the tables alone
``writing``      from records to ``data/*.csv``
``dictionary``   the tables and columns, described

Only this room reads and writes ``data/*.csv``. Whether the content is *right* is for ``validation``.
"""
