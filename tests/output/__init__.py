"""Tests of the scripts: output."""
