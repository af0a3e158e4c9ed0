"""Tests of the scripts: openapi."""
