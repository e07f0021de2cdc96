"""Documents as the driver gives them."""

from typing import Any

Document = dict[str, Any]
