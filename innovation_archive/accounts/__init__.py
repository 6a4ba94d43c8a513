"""How people sign in: what they show beside their password."""
