"""How one model is decoded: a plan, made of the annotations of its class when the first body of it arrives."""

from __future__ import annotations

from threading import RLock
from typing import TYPE_CHECKING, Any

from ._annotations import evaluate
from ._describe import describe
from ._steps import path_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._mismatch import Sink
    from ._nodes import Node

_lock = RLock()


class FieldSpec:
    """What `field(...)` says of a field."""

    __slots__ = ("sensitive", "wire")

    def __init__(self, wire: str | None, sensitive: bool | str) -> None:
        self.wire = wire
        self.sensitive = sensitive


class Instance:
    """The state of a model: attributes of described fields that came, in `__dict__`, and two slots.

    No name from a body ever gets into `__dict__` that is not the name of a field; so none can hide a method.
    """

    # _kept: a tuple of field names, and then for each the value as it came, where it was converted for good.
    # _extra: what came besides, by names on the wire: a dict as it came, and one as described. Unset if nothing did.
    __slots__ = ("__dict__", "__weakref__", "_extra", "_kept")


_new: Callable[[type], Any] = object.__new__
# The bound setters of slots: a frozen class refuses assignment, and they take 37 ns where object.__setattr__ takes 62.
_set_dict: Callable[[Any, dict[str, Any]], None] = vars(Instance)["__dict__"].__set__
_set_kept: Callable[[Any, tuple[Any, ...]], None] = vars(Instance)["_kept"].__set__
_set_extra: Callable[[Any, tuple[dict[str, Any], dict[str, Any]]], None] = vars(Instance)["_extra"].__set__


class Field:
    """A field of a model."""

    __slots__ = ("_evaluate", "_node", "annotation", "model", "name", "sensitive", "wire")

    def __init__(self, owner: type, model: str, name: str, annotation: Any, spec: FieldSpec | None) -> None:
        self.model = model
        self.name = name
        self.wire = name if spec is None or spec.wire is None else spec.wire
        self.sensitive = spec.sensitive if spec else False
        self.annotation = annotation
        self._evaluate = _evaluator(owner)
        self._node: Node | None = None

    @property
    def node(self) -> Node:
        """How its values are decoded; made when the first value arrives, since that imports the models in it."""
        node = self._node
        if node is None:
            with _lock:
                node = self._node
                if node is None:
                    node = describe(self.annotation, self._evaluate, model=self.model, field=self.wire)
                    self._node = node
        return node

    def convert(self, value: Any, sink: Sink) -> Any:
        """The value as described; see `Node.convert`."""
        if not sink.paths:
            return (self._node or self.node).convert(value, sink)
        start = len(sink.found)
        converted = self.node.convert(value, sink)
        if len(sink.found) > start:
            sink.prefix(start, f".{self.wire}")
        return converted


def _evaluator(owner: type) -> Callable[[Any], Any]:
    module = owner.__module__

    def evaluator(annotation: Any) -> Any:
        return evaluate(annotation, module=module, package=module.rpartition(".")[0], own={owner.__name__: owner})

    return evaluator


class Plan:
    """How one model is decoded.

    Args:
        cls: the class of the model.
    """

    def __init__(self, cls: type) -> None:
        self.cls = cls
        self.specs: dict[str, FieldSpec] = {}
        self.extra_annotation: str | None = None
        self._fields: dict[str, Field] | None = None
        self._extra: Node | None = None
        self._renamed: dict[str, str] = {}

    @property
    def fields(self) -> dict[str, Field]:
        """The fields by their names on the wire, those of base classes first."""
        fields = self._fields
        if fields is None:
            with _lock:
                fields = self._fields = self._collect()
        return fields

    @property
    def names(self) -> dict[str, Field]:
        """The fields by their Python names."""
        return {field.name: field for field in self.fields.values()}

    def _collect(self) -> dict[str, Field]:
        named: dict[str, Field] = {}
        for cls in reversed(self.cls.__mro__):
            plan: Plan | None = vars(cls).get("__patchworks_plan__")
            if plan is None:
                continue
            for name, annotation in cls.__annotations__.items():
                if "ClassVar" not in str(annotation):
                    named[name] = Field(cls, self.cls.__name__, name, annotation, plan.specs.get(name))
            if plan.extra_annotation is not None:
                self._extra = describe(plan.extra_annotation, _evaluator(cls), model=self.cls.__name__, field="[]")
        fields = {field.wire: field for field in named.values()}
        self._renamed = {field.name: field.wire for field in named.values() if field.name != field.wire}
        return fields

    def decode(self, raw: dict[str, Any], sink: Sink) -> Any:
        """A new instance for an object of JSON, which is not changed."""
        made = _new(self.cls)
        self.fill(made, raw, sink)
        return made

    def fill(self, made: Any, raw: dict[str, Any], sink: Sink) -> None:
        """Decode an object of JSON into an empty instance."""
        fields = self._fields or self.fields
        values: dict[str, Any] = {}
        names: list[str] = []
        kept: list[Any] = []
        extra: dict[str, Any] | None = None
        for key, value in raw.items():
            field = fields.get(key)
            if field is None:
                if extra is None:
                    extra = {}
                extra[key] = value
            elif value is None:
                values[field.name] = None
            else:
                converted = values[field.name] = field.convert(value, sink)
                if converted is not value and field.node.keeps:
                    names.append(field.name)
                    kept.append(value)
        _set_dict(made, values)
        if kept:
            _set_kept(made, (tuple(names), *kept))
        if extra is not None:
            _set_extra(made, (extra, extra if self._extra is None else self._convert_extra(extra, self._extra, sink)))

    def _convert_extra(self, extra: dict[str, Any], node: Node, sink: Sink) -> dict[str, Any]:
        converted: dict[str, Any] = {}
        for key, value in extra.items():
            start = len(sink.found)
            converted[key] = node.convert(value, sink)
            if len(sink.found) > start:
                sink.prefix(start, path_of(key))
        return converted

    def wire(self, instance: Any) -> dict[str, Any]:
        """An instance as JSON, one level deep: nested models are still models, lists still those of the instance."""
        values: dict[str, Any] = instance.__dict__.copy()
        kept = getattr(instance, "_kept", None)
        if kept is not None:
            values.update(zip(kept[0], kept[1:], strict=True))
        if self._renamed:
            renamed = self._renamed
            values = {renamed.get(name, name): value for name, value in values.items()}
        extra = self.extras(instance)
        if extra is not None:
            values.update(extra[0])
        return values

    @staticmethod
    def extras(instance: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """What came besides the described fields, as it came and as described; `None` if nothing did."""
        return getattr(instance, "_extra", None)
