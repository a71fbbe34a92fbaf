"""From a project and a package folder to a finished site: built, searched, served.

``building`` stages what the site generator starts from and runs it, ``macros`` is what it calls back,
``minifying`` and ``search_index`` work on its finished pages, ``serving`` shows them while they are edited.
What a page shows is for ``pages``.
"""
