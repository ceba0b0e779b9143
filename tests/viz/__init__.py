"""Tests of the pictures and derivations."""
