"""What differs between two states of a package: its rows, the log of changes, its feed, the versions.

``comparing`` finds the cells that differ, ``row_names`` knows what their rows are called and where they are
shown. ``log`` computes what changed from version to version, ``in_words`` tells it, ``feed`` sends it;
``versions`` says how far the version has to step, and ``releasing`` makes one. What one report of the city
says otherwise than another is for ``reports_compared``.
"""
