"""What the desk has beyond capture and synthesis: accounts, the import of files, and who downloaded what."""

from innovation_archive.admin import accounts, downloads, imports

__all__ = ["accounts", "downloads", "imports"]
