"""The deck: a PowerPoint file of native text, charts and tables."""

from semblance_core.reports.deliverables.deck.deck import deck

__all__ = ["deck"]
