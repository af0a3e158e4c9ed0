"""What each of the 27 operations does, by resource."""
