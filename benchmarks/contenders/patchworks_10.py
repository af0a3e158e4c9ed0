"""This SDK with 10 connections at most."""

from . import patchworks


def open_async(base):
    return patchworks.Async(base, max_connections=10)
