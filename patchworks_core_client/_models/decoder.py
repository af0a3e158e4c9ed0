"""How one model is decoded: a plan, made of the annotations of its class when the first body of it arrives."""

from __future__ import annotations

from operator import itemgetter
from threading import RLock
from typing import TYPE_CHECKING, Any

from .annotations import evaluate
from .converters import path_of
from .describe import describe
from .field_types import MISMATCH
from .storage import as_they_came, extras, new, set_dict, set_extra, set_kept

if TYPE_CHECKING:
    from collections.abc import Callable

    from .field_types import Node, Table
    from .mismatches import Sink

    Decode = Callable[[dict[str, Any], Sink], Any]

# Writing and compiling a straight decoder costs what it saves in a few hundred objects.
COMPILE_AFTER = 100
MAX_COMPILED = 32
# No server may fill the memory with ever new names, or with long ones.
MAX_LAYOUTS = 64
MAX_LAYOUT_NAMES = 128
MAX_LAYOUT_CHARS = 4_000

_lock = RLock()


class FieldSpec:
    """What `field(...)` says of a field."""

    __slots__ = ("sensitive", "wire")

    def __init__(self, wire: str | None, sensitive: bool | str) -> None:
        self.wire = wire
        self.sensitive = sensitive


class Field:
    """A field of a model.

    Attributes:
        name: the Python name.
        wire: the name in JSON.
        sensitive: as in `field(...)`.
        table: that of its node, once that is made.
    """

    __slots__ = ("_evaluate", "_node", "annotation", "model", "name", "sensitive", "table", "wire")

    def __init__(self, owner: type, model: str, name: str, annotation: Any, spec: FieldSpec | None) -> None:
        self.model = model
        self.name = name
        self.wire = name if spec is None or spec.wire is None else spec.wire
        self.sensitive = spec.sensitive if spec else False
        self.annotation = annotation
        self.table: Table = {}
        self._evaluate = _evaluator(owner)
        self._node: Node | None = None

    @property
    def node(self) -> Node:
        """How its values are decoded; made when the first value arrives, since that imports the models in it."""
        if self._node is None:
            with _lock:
                node = self._node or describe(self.annotation, self._evaluate, model=self.model, field=self.wire)
                self.table = node.table
                self._node = node
        return self._node

    def convert(self, value: Any, sink: Sink) -> Any:
        """The value as described; see `Node.convert`."""
        if not sink.paths:
            return self.node.convert(value, sink)
        start = len(sink.found)
        converted = self.node.convert(value, sink)
        if len(sink.found) > start:
            sink.prefix(start, f".{self.wire}")
        return converted


def is_field(name: str, annotation: object) -> bool:
    """Whether an annotation in the body of a model stands for a field."""
    return not name.startswith("__") and "ClassVar" not in str(annotation)


def _evaluator(owner: type) -> Callable[[Any], Any]:
    module = owner.__module__
    package = module.rpartition(".")[0]
    return lambda annotation: evaluate(annotation, module=module, package=package, own={owner.__name__: owner})


class Plan:
    """How one model is decoded.

    Attributes:
        cls: the class of the model.
        specs: what `field(...)` says of its own fields, by their Python names.
        extra_annotation: the type of fields that are not described by name, if there is one.
        extra: the place of such fields.
        attributes: the fields as attrs sees them, once it looked.
        decode: makes an instance of an object of JSON, which is not changed: `decode_any`, or what was written for
            objects of one form, and leaves others to `decode_other`.
    """

    def __init__(self, cls: type) -> None:
        self.cls = cls
        self.specs: dict[str, FieldSpec] = {}
        self.extra_annotation: str | None = None
        self.extra: Node | None = None
        self.attributes: tuple[Any, ...] | None = None
        self.decode: Decode = self.decode_any
        self._fields: dict[str, Field] | None = None
        self._names: dict[str, Field] = {}
        self._renamed: dict[str, str] = {}
        # By the names of objects that came often, in their order; None where it would not pay.
        self._straight: dict[tuple[str, ...], Decode | None] = {}
        self._seen: dict[tuple[str, ...], int] = {}

    @property
    def fields(self) -> dict[str, Field]:
        """The fields by their names in JSON, those of base classes first."""
        if self._fields is None:
            with _lock:
                self._fields = self._fields or self._collect()
        return self._fields

    @property
    def names(self) -> dict[str, Field]:
        """The fields by their Python names."""
        return self._names if self.fields else {}

    def _collect(self) -> dict[str, Field]:
        named: dict[str, Field] = {}
        for cls in reversed(self.cls.__mro__):
            plan: Plan | None = vars(cls).get("__patchworks_plan__")
            if plan is None:
                continue
            for name, annotation in cls.__annotations__.items():
                if is_field(name, annotation):
                    named[name] = Field(cls, self.cls.__name__, name, annotation, plan.specs.get(name))
            if plan.extra_annotation is not None:
                self.extra = describe(plan.extra_annotation, _evaluator(cls), model=self.cls.__name__, field="[]")
        self._names = named
        self._renamed = {field.name: field.wire for field in named.values() if field.name != field.wire}
        return {field.wire: field for field in named.values()}

    def decode_any(self, raw: dict[str, Any], sink: Sink) -> Any:
        """As `decode`, for an object of any form."""
        made = new(self.cls)
        self.fill(made, raw, sink)
        if len(self._straight) < MAX_COMPILED:
            self._watch(raw)
        return made

    def decode_other(self, raw: dict[str, Any], sink: Sink) -> Any:
        """As `decode`, for an object of another form than that which `decode` is written for."""
        return (self._straight.get(tuple(raw)) or self.decode_any)(raw, sink)

    def fill(self, made: Any, raw: dict[str, Any], sink: Sink) -> None:
        """Decode an object of JSON into an empty instance."""
        fields = self._fields or self.fields
        values: dict[str, Any] = {}
        names: list[str] = []
        originals: list[Any] = []
        extra: dict[str, Any] = {}
        for key, value in raw.items():
            field = fields.get(key)
            if field is None:
                (values if self.is_shown(key) else extra)[key] = value
            elif value is None or field.table.get(type(value), MISMATCH) is None:  # pyright: ignore[reportUnknownArgumentType]
                # Half of the fields of a typical object end here; going on would cost them 150 ns each.
                values[field.name] = value
            else:
                converted = values[field.name] = field.convert(value, sink)
                if converted is not value and field.node.keeps:
                    names.append(field.name)
                    originals.append(value)
        set_dict(made, values)
        if names:
            set_kept(made, (tuple(names), *originals))
        if extra:
            set_extra(made, (extra, extra if self.extra is None else _convert_each(extra, self.extra, sink)))

    def wire(self, instance: Any) -> dict[str, Any]:
        """An instance as JSON, one level deep: nested models are still models, lists still those of the instance."""
        values = as_they_came(instance)
        if self._renamed:
            renamed = self._renamed
            values = {renamed.get(name, name): value for name, value in values.items()}
        values.update(extras(instance)[0])
        return values

    def is_shown(self, name: object) -> bool:
        """Whether a field that is not described may be an attribute like the others.

        One may not that would hide an attribute of the class, or that a protocol of Python would find.
        """
        return self.extra is None and type(name) is str and name[:1] != "_" and not hasattr(self.cls, name)

    def _watch(self, raw: dict[str, Any]) -> None:
        """Count objects by their names; have a decoder written for those that come often."""
        layout = tuple(raw)
        if layout in self._straight:
            return
        seen = self._seen.get(layout, 0) + 1
        if seen < COMPILE_AFTER:
            if seen == 1 and len(self._seen) >= MAX_LAYOUTS:
                self._seen.clear()
            if len(raw) <= MAX_LAYOUT_NAMES and sum(len(str(name)) for name in layout) <= MAX_LAYOUT_CHARS:
                self._seen[layout] = seen
            return
        self._seen.pop(layout, None)
        from .compiled import straight_line

        straight = self._straight[layout] = straight_line(self, layout)
        if straight is not None:
            self.decode = straight

    def adopt(self, raw: dict[str, Any]) -> None:
        """Make ready for many objects like this one, from the same body.

        Parsers share the names of fields within a body. Looked up by these very strings, and not by equal ones, an
        object of twenty fields gives its values in 180 ns and not in 260.
        """
        names = tuple(raw)
        straight = self._straight.get(names)
        if straight is not None:
            scope: dict[str, Any] = straight.__globals__
            places: list[int] = scope["order"]
            scope["getter"] = itemgetter(*[names[place] for place in places])


def _convert_each(extra: dict[str, Any], node: Node, sink: Sink) -> dict[str, Any]:
    converted: dict[str, Any] = {}
    for key, value in extra.items():
        start = len(sink.found)
        converted[key] = node.convert(value, sink)
        if len(sink.found) > start:
            sink.prefix(start, path_of(key))
    return converted
