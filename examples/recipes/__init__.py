"""Recipes: one file for each place in which the client is used; docs/recipes.md shows them, the tests run them."""
