"""Tests of the scripts: pages."""
