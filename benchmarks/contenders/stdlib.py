"""Three modules of the standard library that hardly any package can do without: the floor of importing."""

IMPORT = "import json, typing, dataclasses"
