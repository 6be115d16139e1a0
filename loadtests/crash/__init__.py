"""Kills hook and sender under load, then holds the platform's books to the hook's word.

points     where a process can be killed
dying      parts that kill their own process there
victims    the processes that are killed: the bridge's own commands, with such a part put in
world      one installation: its settings, its processes, its platform
callers    storefronts that call until they have an answer
campaign   lives and deaths, until enough have died
oracle     what must be true afterwards
"""
