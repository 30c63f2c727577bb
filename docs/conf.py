"""How Sphinx makes the user's guide of the pages in this folder: `sphinx-build -W docs SITE`."""

from __future__ import annotations

from desktop_affect import __version__

project = "Desktop Affect"
author = "The Desktop Affect developers"
copyright = author
version = release = __version__

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
# Headings of two pages may be linked to as `signals.md#baseline`, as they can be where the pages are read as they are.
myst_heading_anchors = 3
# A link that leads nowhere ends the build (-W), also one inside a page.
nitpicky = True

html_theme = "furo"
html_title = f"Desktop Affect {version}"
html_show_sphinx = False
html_copy_source = False
html_show_sourcelink = False
# The guide must read without a network, as everything else here: no font, script or picture from elsewhere.
html_theme_options = {"top_of_page_buttons": []}
