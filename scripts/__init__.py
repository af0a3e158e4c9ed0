"""What builds, checks and releases the SDK; nothing in here is part of the package."""
