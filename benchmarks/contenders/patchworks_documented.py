"""This SDK with bodies exactly as documented, for a comparison with the stock output, which survives no others."""

from . import patchworks


def decoding():
    return patchworks.decoding("documented_environment")
