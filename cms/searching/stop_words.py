"""Words that stand on every page and tell none from another."""

from __future__ import annotations

# The Swedish ones of the Snowball project, which PostgreSQL's configuration leaves out too.
_SWEDISH = """
och det att i en jag hon som han på den med var sig för så till är men ett om hade de av icke mig du henne då sin nu
har inte hans honom skulle hennes där min man ej vid kunde något från ut när efter upp vi dem vara vad över än dig kan
sina här ha mot alla under någon eller allt mycket sedan ju denna själv detta åt utan varit hur ingen mitt ni bli blev
oss din dessa några deras blir mina samma vilken er sådan vår blivit dess inom mellan sådant varför varje vilka ditt
vem vilket sitta sådana vart dina vars vårt våra ert era vilkas
"""
_ENGLISH = """
a an and are as at be but by for from had has have he her his i if in into is it its me my no not of on or our out she
so that the their them then there they this to up us was we were what when which who will with you your
"""

STOP_WORDS = {"sv": frozenset(_SWEDISH.split()), "en": frozenset(_ENGLISH.split())}
