"""Reading pages, kept in each web process's memory until something on them changes. See docs/adr/0011.

asking      what a request asks for: the address under which a page is kept, or that none can answer it
kept        one page: its bytes, plain and compressed, its ETag, and itself with a cart count
store       the pages of a process, within bounds
turning     when the clock alone changes what pages show
keeping     the process's one store, and under which sign of freshness it is used
door        answers kept pages before Django is asked (config.wsgi)
middleware  keeps what Django has made; puts the cart count into every page; compresses
"""
