"""This SDK with a version inside each environment, a model of its own."""

from . import patchworks


def decoding():
    return patchworks.decoding("environment_with_version")
