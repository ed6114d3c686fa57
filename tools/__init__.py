"""What keeps the lessons in order: they are refreshed, and held to rules."""
