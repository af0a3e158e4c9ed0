"""The bodies that the benchmark server answers with: Laravel's for this API, and each peer's own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

PER_PAGE = 100
PAGES = 50
# Of the list below `/long`.
LONG_PAGES = 1000


def _dump(value: object) -> bytes:
    # Compact and without spaces, as PHP's json_encode writes.
    return json.dumps(value, separators=(",", ":")).encode()


def documented_environment(number: int) -> dict[str, Any]:
    """A virtual environment exactly as the pages describe one, so that the stock generator's output can decode it."""
    return {
        "id": number,
        "notes": f"Replacement rules of environment {number}, reviewed by the team every quarter.",
        "deployed_at": "2026-02-14T10:20:30+00:00",
        "created_at": "2026-01-05T09:30:00+00:00",
        "updated_at": "2026-03-01T18:45:12+00:00",
        "name": f"Country {number} live",
        "description": "One of the environments that are kept alike: a flow set of the master, its own variables.",
        "type": "live",
        "deployments": [{"id": number * 3, "flow_id": 17}],
        "versions": [],
        "versions_count": 2,
        "is_deployed": True,
        "deployments_count": [],
        "pivot": [],
        "package_deployments": [],
        "labels": [{"id": 4, "name": "Europe"}],
    }


def laravel_environment(number: int) -> dict[str, Any]:
    """The same environment as Laravel sends it: null, integers and dates where the pages declare something else."""
    return {
        "id": number,
        "company_id": 42,
        "name": f"Country {number} live",
        "description": None,
        "notes": f"Replacement rules of environment {number}, reviewed by the team every quarter.",
        "type": "live",
        "created_at": "2026-01-05T09:30:00.000000Z",
        "updated_at": "2026-03-01T18:45:12.000000Z",
        "deployed_at": "2026-02-14 10:20:30",
        "versions_count": 2,
        "deployments_count": 1,
        "is_deployed": 1,
        "deployments": [{"id": number * 3, "flow_id": 17}],
        "package_deployments": None,
        "labels": [{"id": 4, "name": "Europe"}],
    }


def environment_with_version(number: int) -> dict[str, Any]:
    """As Laravel sends it when `include=firstVersion` was asked for."""
    version = {
        "id": number * 2,
        "virtual_environment_id": number,
        "version": 1,
        "status": "Deployed",
        "created_at": "2026-01-05T09:30:00.000000Z",
        "updated_at": "2026-03-01T18:45:12.000000Z",
    }
    return {**laravel_environment(number), "first_version": version}


def environments(
    page: int = 1,
    *,
    make: Callable[[int], dict[str, Any]] = laravel_environment,
    origin: str = "https://core.wearepatchworks.com",
    pages: int = PAGES,
) -> bytes:
    """One page of 100 virtual environments in Laravel's envelope, of so many pages."""
    path = f"{origin}/api/v1/virtual-environments"
    first = (page - 1) * PER_PAGE + 1
    return _dump(
        {
            "data": [make(number) for number in range(first, first + PER_PAGE)],
            "links": {
                "first": f"{path}?page=1",
                "last": f"{path}?page={pages}",
                "prev": f"{path}?page={page - 1}" if page > 1 else None,
                "next": f"{path}?page={page + 1}" if page < pages else None,
            },
            "meta": {
                "current_page": page,
                "from": first,
                "last_page": pages,
                "path": path,
                "per_page": PER_PAGE,
                "to": first + PER_PAGE - 1,
                "total": pages * PER_PAGE,
            },
        }
    )


def environment() -> bytes:
    """One virtual environment in its envelope: the small answer of this API."""
    return _dump({"data": documented_environment(1)})


def model() -> bytes:
    """openai: what `models.retrieve` answers with."""
    return _dump({"id": "m-1", "object": "model", "created": 1735689600, "owned_by": "patchworks"})


def _job(number: int) -> dict[str, Any]:
    return {
        "object": "fine_tuning.job",
        "id": f"ftjob-{number}",
        "model": "gpt-4o-mini-2024-07-18",
        "created_at": 1735689600 + number,
        "finished_at": 1735693200 + number,
        "error": None,
        "fine_tuned_model": f"ft:gpt-4o-mini:acme:{number}",
        "organization_id": "org-123",
        "result_files": ["file-abc123"],
        "status": "succeeded",
        "validation_file": None,
        "training_file": "file-abc123",
        "hyperparameters": {"n_epochs": 4, "batch_size": 1, "learning_rate_multiplier": 1.0},
        "trained_tokens": 5768,
        "seed": 683058546,
        "estimated_finish": None,
        "integrations": [],
        "metadata": {"team": "replacements"},
        "method": {
            "type": "supervised",
            "supervised": {"hyperparameters": {"n_epochs": 4, "batch_size": 1, "learning_rate_multiplier": 1.0}},
        },
    }


def jobs(page: int = 1) -> bytes:
    """openai: a page of fine-tuning jobs, whose cursor is the last id."""
    first = (page - 1) * PER_PAGE + 1
    return _dump(
        {
            "object": "list",
            "data": [_job(number) for number in range(first, first + PER_PAGE)],
            "has_more": page < PAGES,
        }
    )


def milestone(number: int = 1) -> dict[str, Any]:
    """githubkit: a milestone of a repository, the small answer."""
    url = f"https://api.github.com/repos/acme/patchworks/milestones/{number}"
    return {
        "url": url,
        "html_url": f"https://github.com/acme/patchworks/milestone/{number}",
        "labels_url": f"{url}/labels",
        "id": 1002604 + number,
        "node_id": "MDk6TWlsZXN0b25lMTAwMjYwNA==",
        "number": number,
        "state": "open",
        "title": f"v1.{number}",
        "description": "Tracking milestone for the next version of the replacement rules",
        "creator": None,
        "open_issues": 4,
        "closed_issues": 8,
        "created_at": "2026-04-10T20:09:31Z",
        "updated_at": "2026-06-03T18:58:10Z",
        "closed_at": None,
        "due_on": "2026-10-09T23:39:01Z",
    }


def github_milestone() -> bytes:
    """githubkit: one milestone."""
    return _dump(milestone())


def github_milestones(page: int = 1) -> bytes:
    """githubkit: a page of milestones, a bare list."""
    first = (page - 1) * PER_PAGE + 1
    last = first + PER_PAGE if page <= PAGES else first
    return _dump([milestone(number) for number in range(first, last)])


def _hetzner(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "name": f"key-{number}",
        "fingerprint": "b7:2f:30:a0:2f:6c:58:6c:21:04:58:61:ba:06:3b:2f",
        "public_key": "ssh-rsa AAAjjk76kgf...Xt",
        "labels": {"environment": "live", "team": "replacements"},
        "created": "2026-01-05T09:30:00+00:00",
    }


def ssh_key() -> bytes:
    """hcloud: one SSH key."""
    return _dump({"ssh_key": _hetzner(1)})


def ssh_keys(page: int = 1) -> bytes:
    """hcloud: a page of SSH keys with its own meta."""
    first = (page - 1) * PER_PAGE + 1
    return _dump(
        {
            "ssh_keys": [_hetzner(number) for number in range(first, first + PER_PAGE)],
            "meta": {
                "pagination": {
                    "page": page,
                    "per_page": PER_PAGE,
                    "previous_page": page - 1 if page > 1 else None,
                    "next_page": page + 1 if page < PAGES else None,
                    "last_page": PAGES,
                    "total_entries": PAGES * PER_PAGE,
                }
            },
        }
    )
