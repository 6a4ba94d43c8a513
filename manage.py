#!/usr/bin/env python
"""Django's command line for the archive."""

import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "innovation_archive.settings")
    if sys.argv[1:2] == ["demo"]:
        # The one command that may show errors in full: it serves on this machine alone.
        os.environ.setdefault("DEBUG", "1")

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    os.umask(0o077)  # what commands write, the database, keys and backups, is for its owner alone
    main()
