"""What editors find at the desk: the bench, articles and commitments, and what was published and released."""

from insights.admin import articles, bench, publications, releases

__all__ = ["articles", "bench", "publications", "releases"]
