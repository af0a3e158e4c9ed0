"""The defaults that stand in the signature of a client; what they mean is read in `_config`, when one is made."""

DEFAULT_TIMEOUT_S = 30.0
DEFAULT_MAX_RETRIES = 2
DEFAULT_MAX_RESPONSE_BYTES = 64 * 1024 * 1024
