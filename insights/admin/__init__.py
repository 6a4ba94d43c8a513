"""What editors find at the desk: insights with their evidence, articles and commitments, publications, releases."""
