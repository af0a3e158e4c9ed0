"""One call from its first attempt to its last: attempts, retries, throttling, errors, instrumentation."""
