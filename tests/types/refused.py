"""What type checkers must refuse; never run, but checked by `test_type_checkers.py` and, with pyright, `make check`."""

# pyright: strict, reportUnnecessaryTypeIgnoreComment=true
import attrs

from patchworks_core_client.models import Variable, VirtualEnvironment

made = VirtualEnvironment()
Variable(vaule="a")  # wrong  # pyright: ignore
Variable(key=1)  # wrong  # pyright: ignore
Variable("a")  # wrong  # pyright: ignore
made.name = "x"  # wrong  # pyright: ignore
print(made.nmae)  # wrong  # pyright: ignore
print(len(made.description))  # wrong  # pyright: ignore
made.evolve(nope=1)  # wrong  # pyright: ignore
made.evolve(name=1)  # wrong  # pyright: ignore
Variable().evolve(name="x")  # wrong  # pyright: ignore
attrs.evolve(made, nope=1)  # wrong to mypy and pyrefly
for _ in Variable():  # wrong  # pyright: ignore
    print("never")
