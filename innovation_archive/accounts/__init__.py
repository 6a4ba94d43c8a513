"""How people come to have an account, and how they sign in: by links, passwords, their organisation's directory."""
