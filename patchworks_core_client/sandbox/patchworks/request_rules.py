"""The documented validation rules of each request body."""

from __future__ import annotations

from ..laravel.validation import Rule, Rules

_ENVIRONMENT: Rules = {
    "description": Rule(nullable=True, max=255),
    "type": Rule(nullable=True, options=("test", "live")),
    "labels": Rule(kind="labels", present=True),
}
STORE_ENVIRONMENT: Rules = {"name": Rule(required=True, max=245), **_ENVIRONMENT}
UPDATE_ENVIRONMENT: Rules = {"name": Rule(required=True, max=255), **_ENVIRONMENT}

STORE_VERSION: Rules = {"notes": Rule()}
UPDATE_VERSION: Rules = STORE_VERSION

STORE_FLOW_PRIORITY: Rules = {
    "flow_id": Rule(kind="identifier", required=True),
    "priority": Rule(kind="integer", required=True),
    "notes": Rule(),
}
UPDATE_FLOW_PRIORITY: Rules = {
    "flow_id": Rule(kind="identifier", filled=True),
    "priority": Rule(kind="integer", filled=True),
    "notes": Rule(),
}

STORE_MANIFEST: Rules = {
    "model_type": Rule(required=True),
    "original_model_id": Rule(kind="identifier", required=True),
    "replacement_model_id": Rule(kind="identifier", required=True),
}
UPDATE_MANIFEST: Rules = {
    "model_type": Rule(filled=True),
    "original_model_id": Rule(kind="identifier", filled=True),
    "replacement_model_id": Rule(kind="identifier", filled=True),
}

_VARIABLE: Rules = {
    "value": Rule(max=1024),
    "fallback": Rule(nullable=True, max=1024),
    "date_format": Rule(nullable=True),
    "secret": Rule(kind="flag"),
}
STORE_VARIABLE: Rules = {"type": Rule(required=True), "key": Rule(required=True, min=1), **_VARIABLE}
UPDATE_VARIABLE: Rules = {"type": Rule(filled=True), "key": Rule(filled=True, min=1), **_VARIABLE}

_PASSWORD = Rule(required=True, trim=False)
LOGIN: Rules = {"username": Rule(required=True), "password": _PASSWORD}
OLDER_LOGIN: Rules = {"email": Rule(required=True), "password": _PASSWORD}
