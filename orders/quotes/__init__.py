"""Quotes: asked for from the basket or made by staff, sent as a PDF, accepted by link. See docs/adr/0026.

forms      what the asker and the accepter write
facts      the facts of the letters, frozen
document   the quote as a PDF
page       what its own page shows
Rules stand in orders.operations.quoting, rows in orders.models.quote, pages in orders.views.quoting.
"""
