"""Pages of a file as pictures that we draw ourselves, in a process of its own.

Nothing of an uploaded file itself is ever shown inside a page of ours: scripts, links, places
where a photograph was taken stay behind. `count` and `draw` stand in `drawing.pages`: only the
child process loads their libraries.
"""

from tasks.evidence.drawing.isolated import DRAWABLE, count_pages, draw_page

__all__ = ["DRAWABLE", "count_pages", "draw_page"]
