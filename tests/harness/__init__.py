"""What the suite stands on: databases, broker, mail sink, browser, processes. Fixtures are in tests/conftest.py."""
