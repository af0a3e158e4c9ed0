"""Side-by-side benchmarks of the SDK and what people use instead; `make bench` runs them (see docs/performance.md)."""
