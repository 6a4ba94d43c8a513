"""The admin of insights with their evidence, articles, commitments, publications and releases of votes."""
