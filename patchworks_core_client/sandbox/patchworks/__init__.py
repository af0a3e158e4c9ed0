"""The rules of Patchworks: environments, versions, what they hold, and who may do what."""
