"""The parts of the desk that serve both other apps: its site, home, sign-in, accounts, imports and downloads."""
