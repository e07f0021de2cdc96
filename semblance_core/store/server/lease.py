"""Leases by the server's clock alone, so that a worker's clock may be hours off."""

from datetime import UTC, datetime
from typing import Any

NO_LEASE = datetime(1970, 1, 1, tzinfo=UTC)
LEASE_IS_PAST: dict[str, Any] = {"$expr": {"$lt": ["$lease_until", "$$NOW"]}}


def past_for(slack_s: float) -> dict[str, Any]:
    """The condition that a lease is past for longer than so many seconds."""
    return {"$expr": {"$lt": ["$lease_until", {"$subtract": ["$$NOW", int(slack_s * 1000)]}]}}


def taken_for(lease_s: float) -> dict[str, Any]:
    """The update (in a pipeline) that takes or renews a lease for so many seconds."""
    return {"lease_until": {"$add": ["$$NOW", int(lease_s * 1000)]}}
