"""A drawn picture for each page, for where it is shared. Made once, when the page is published, by the worker."""
