"""The process of one contender: one measure, once, printed as one line of JSON.

    python benchmarks/child.py MEASURE CONTENDER OPTIONS

Started as a file, and with nothing imported before the measure, because the cold measures begin here.
"""

import sys
import time

START = time.perf_counter()
# The folder of this file would otherwise offer its modules under their bare names.
sys.path.pop(0)


def main():
    measure, contender, options = sys.argv[1:4]
    # The SDK takes orjson by itself where it is installed; only the contender that is measured with it may find it.
    if not contender.endswith("_orjson"):
        sys.modules["orjson"] = None
    name = f"benchmarks.contenders.{contender}"
    module = __import__(name, fromlist=["*"])
    kind = "cold" if measure in ("import", "import_one", "ready", "stall") else "warm"
    result = __import__(f"benchmarks.measure_{kind}", fromlist=["*"]).run(measure, module, options)
    import json

    print(json.dumps(result))


if __name__ == "__main__":
    main()
