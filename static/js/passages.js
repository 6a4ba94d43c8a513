// Placeholder until the highlights are written.
