"""The only part of the package that knows httpx; everything in it is imported when the first call is made."""
