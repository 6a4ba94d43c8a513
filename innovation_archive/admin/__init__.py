"""What the desk has beyond capture and synthesis: its site, accounts, the import of files, who downloaded what."""
