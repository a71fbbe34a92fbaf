"""What a change of the data means: for whoever looks at a pull request, or at next year's data.

``changes`` finds the values that differ. Here they get the names, pages and printed lines that
it knows of them; what is calculated from them is compared (``outcome``), and so are the pages
that are made of them (``touched``); ``findings`` puts it together. Two ``formats`` show the same
``Review``. Values of an older or of a faulty package are compared too; what cannot be calculated from
such a package is said to be missing, never guessed.

Must not print; must not know the site generator.
"""

from __future__ import annotations

from shinchoku.review.findings import Review, review
from shinchoku.review.formats import FORMATS
from shinchoku.review.revisions import NoHistory, UnknownRevision, extract

__all__ = ["FORMATS", "NoHistory", "Review", "UnknownRevision", "extract", "review"]
