"""Tests of the scripts: regeneration."""
