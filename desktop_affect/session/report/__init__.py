"""A session on one page: a single HTML file with its plots inside, for the screen and for paper.

No script, no network, no picture of anybody. `binned` reduces hours to what a page can show, `timeline` and `cards`
draw it as SVG, `tables` lists what happened, `page` puts it together with `resources/report/report.css`.
"""
