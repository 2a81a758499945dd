"""bin/start: the whole demo as one process tree. Knows processes and ports, no business rule."""
