"""How people come to have an account, and how they sign in: by links, passwords and what they show beside them."""
