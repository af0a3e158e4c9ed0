"""How the documentation site is built: `make docs`, into build/site, without a network."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_extensions"))

from patchworks_core_client import __version__  # noqa: E402 - the path comes first

project = "Patchworks Core client"
author = "the patchworks_core_client authors"
version = release = __version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "docstrings",
    "enumerations",
    "method_table",
    "namespaces",
    "plain_text",
    "plain_types",
]
exclude_patterns = ["_extensions", "public-surface.txt"]

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
# A word in single backticks is code, in docstrings as in Markdown.
default_role = "code"
nitpicky = False

autodoc_default_options = {"members": True}
# Arguments of a class are told where it is made.
autoclass_content = "both"
autodoc_member_order = "bysource"
# Types stand in annotations alone; to look for comments, each source would be parsed once more.
autodoc_use_type_comments = False
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented_params"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_rtype = False

html_theme = "furo"
html_title = "Patchworks Core client"
html_static_path = ["_static"]
html_favicon = "_static/icon.svg"
html_css_files = ["site.css"]
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
html_theme_options = {"navigation_with_keys": True}
pygments_style = "friendly"
pygments_dark_style = "github-dark"
copybutton_prompt_text = r"^\$ "
copybutton_prompt_is_regexp = True
