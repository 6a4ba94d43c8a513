"""The desk: where facilitators enter and tag what was told, and editors review it."""
