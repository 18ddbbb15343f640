"""What every back-end shares."""

from arsearch.search.ranking import Ranking

__all__ = ["Ranking"]
