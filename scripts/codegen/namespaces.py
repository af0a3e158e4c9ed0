"""Views of namespaces, for their template: one for each tag, with one method for each operation."""

from __future__ import annotations

from dataclasses import dataclass

from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.strings import PythonIdentifier

from scripts.codegen.annotations import (
    Annotation,
    Annotations,
    module_imports,
    standard_imports,
    unshadowed,
)
from scripts.codegen.docstrings import docstring, sentence
from scripts.codegen.operations import ArgumentView, OperationView, operation_view
from scripts.openapi.identifiers import identifier
from scripts.openapi.operations import operations
from scripts.openapi.structure import Node


@dataclass(frozen=True)
class NamespaceView:
    """One tag: the namespace on the clients, and its package under `generated/api`."""

    attribute: str
    package: str
    title: str
    operations: list[tuple[Endpoint, OperationView]]

    @property
    def views(self) -> list[OperationView]:
        """The operations alone."""
        return [view for _, view in self.operations]

    @property
    def docstring(self) -> str:
        """The docstring of the classes and of the property that gives one."""
        return docstring([sentence(f"The operations of the tag `{self.title}`")], indent=4)

    @property
    def class_docstring(self) -> str:
        """The docstring of a class with the methods."""
        about = sentence(f"The operations of the tag `{self.title}`")
        return docstring(
            [about, "A method raises a `PatchworksError` where its call fails; the subclass says how."], indent=4
        )

    def class_name(self, asynchronous: bool) -> str:
        """Return the class with the methods."""
        words = "".join(word[:1].upper() + word[1:] for word in self.attribute.split("_"))
        return f"{'Async' if asynchronous else ''}{words}Api"

    def code(self, annotation: Annotation) -> str:
        """Return an annotation as it stands in the class, whose methods may be called like a type."""
        return unshadowed(annotation, self._methods, annotation.qualified(self.models))

    def signature(self, argument: ArgumentView) -> str:
        """Return an argument as it stands in the signature of a method."""
        return f"{argument.name}: {self.code(argument.annotation)}" + (
            f" = {argument.default}" if argument.default else ""
        )

    @property
    def models(self) -> str:
        """The name under which the class reaches the package of models; a method may be called like it."""
        return "_models" if "models" in self._methods else "models"

    @property
    def _methods(self) -> set[str]:
        return {view.method for view in self.views}

    @property
    def imports(self) -> list[str]:
        """Modules through which shadowed names are reached."""
        codes = [self.code(annotation) for view in self.views for annotation in view.annotations]
        return module_imports(codes)

    @property
    def standard_imports(self) -> list[str]:
        """The names of the standard library in the annotations."""
        return standard_imports(annotation for view in self.views for annotation in view.annotations)


def namespace_views(data: GeneratorData, annotations: Annotations, document: Node) -> list[NamespaceView]:
    """Return every tag of the document, in its order."""
    documented = {
        (PythonIdentifier(operation["tags"][0], "tag"), PythonIdentifier(operation["operationId"], "field_")): (
            path,
            operation,
        )
        for path, _, operation in operations(document)
    }
    views = []
    for tag, collection in data.endpoint_collections_by_tag.items():
        views_of_tag = []
        title = tag
        for endpoint in collection.endpoints:
            path, operation = documented[tag, endpoint.name]
            title = operation["tags"][0]
            attribute = operation.get("x-sdk-namespace") or identifier(title, ())
            views_of_tag.append((endpoint, operation_view(endpoint, annotations, path, operation)))
        if views_of_tag:
            views.append(NamespaceView(attribute, tag, title, views_of_tag))
    return views
