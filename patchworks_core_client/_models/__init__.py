"""JSON to models and back, and what does not match its description."""
