"""The public package: what it names, and what it says of what it does not."""

from __future__ import annotations

import copy
import pickle

import pytest

import patchworks_core_client
from patchworks_core_client import NOT_GIVEN


def test_every_public_name_is_there_and_listed() -> None:
    for name in patchworks_core_client.__all__:
        assert getattr(patchworks_core_client, name) is not None
    assert dir(patchworks_core_client) == sorted([*patchworks_core_client.__all__, "models", "types"])
    assert "__version__" in patchworks_core_client.__all__


def test_the_models_need_no_import_of_their_own() -> None:
    assert patchworks_core_client.__getattr__("models") is patchworks_core_client.models


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Patchwork'"):
        _ = patchworks_core_client.Patchwork  # type: ignore[attr-defined]


def test_not_given_is_one_object_and_false() -> None:
    assert not NOT_GIVEN
    assert repr(NOT_GIVEN) == "NOT_GIVEN"
    assert copy.deepcopy(NOT_GIVEN) is NOT_GIVEN
    assert pickle.loads(pickle.dumps(NOT_GIVEN)) is NOT_GIVEN
