"""What the desk has beyond capture and synthesis: accounts, and the import of files."""

from innovation_archive.admin import accounts, imports

__all__ = ["accounts", "imports"]
