"""What Patchworks knows: environments, versions, what they hold, and who may do what."""
