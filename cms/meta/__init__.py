"""What search engines and those who share a page are told about it: the head's tags, JSON-LD, sitemap and robots."""
