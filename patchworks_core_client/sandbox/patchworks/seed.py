"""Seed data: the environments of a shop that sells in several countries, the same for the same number."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from ..laravel.timestamps import timestamp
from . import environments, version_contents, versions

if TYPE_CHECKING:
    import sqlite3

BEGIN = 1_767_603_600.0  # 5 January 2026, 09:00 UTC
STEP_S = 61.25
MAX_DEPLOYMENTS = 6

COUNTRIES = {"UK": "GBP", "FR": "EUR", "DE": "EUR", "ES": "EUR", "US": "USD"}
STAGES = {"sandbox": "test", "live": "live"}
LABELS = {"sandbox": 1, "live": 2}
MODEL_TYPES = ("connector", "connector_instance", "cross_reference_lookup", "script")
SECRETS = ("shop_token", "warehouse_password")
SETTINGS = ("shop_host", "warehouse_host", "price_list", "mail_sender", "stock_location", "carrier")


class _Clock:
    """Times that are the same in every run."""

    def __init__(self) -> None:
        self._now = BEGIN

    def tick(self) -> str:
        self._now += STEP_S
        return timestamp(self._now)


def fill(db: sqlite3.Connection, seed: int) -> None:
    """Add ten environments, some of them deployed, with rules that differ by country and stage.

    Args:
        db: the connection, inside a transaction; there is no environment yet.
        seed: chooses the numbers; the names are always the same.
    """
    chance = random.Random(seed)  # noqa: S311 - the same in every run is the point
    clock = _Clock()
    for country, currency in COUNTRIES.items():
        for stage, kind in STAGES.items():
            fields = {
                "name": f"{country} {stage}",
                "description": f"Master flows for {country}, in {currency}",
                "type": kind,
                "labels": [LABELS[stage]],
            }
            environment = environments.create(db, fields, clock.tick())
            _fill(db, environment, chance, clock)
            # A sandbox may never have been deployed; what is live was.
            for _ in range(chance.randint(int(stage == "live"), MAX_DEPLOYMENTS)):
                versions.deploy(db, _draft(db, environment), clock.tick())
    db.execute("UPDATE environments SET seeded = 1")


def _fill(db: sqlite3.Connection, environment: int, chance: random.Random, clock: _Clock) -> None:
    version = int(_draft(db, environment)["id"])
    for flow in sorted(chance.sample(range(100, 140), 8)):
        fields = {"flow_id": str(flow), "priority": chance.randint(1, 5), "notes": None}
        version_contents.create(db, "flow_priorities", version, fields, clock.tick())
    for original in sorted(chance.sample(range(1_000, 1_200), 24)):
        fields = {
            "model_type": chance.choice(MODEL_TYPES),
            "original_model_id": str(original),
            "replacement_model_id": str(original + 1_000 * environment),
        }
        version_contents.create(db, "manifests", version, fields, clock.tick())
    for key in SETTINGS + SECRETS:
        fields = {
            "label": key.replace("_", " ").capitalize(),
            "type": "string",
            "key": key,
            "value": f"{key}-{chance.randrange(16**6):06x}",
            "fallback": None,
            "secret": key in SECRETS,
        }
        version_contents.create(db, "variables", version, fields, clock.tick())


def _draft(db: sqlite3.Connection, environment: int) -> sqlite3.Row:
    draft = versions.draft(db, environment)
    assert draft is not None, "nothing here deletes a draft"  # noqa: S101
    return draft
