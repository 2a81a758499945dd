"""Questions that visitors ask by form: taken in, answered by people, forgotten in time."""
