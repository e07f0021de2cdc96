"""What the database holds, as the driver gives it."""

from typing import Any

Document = dict[str, Any]
