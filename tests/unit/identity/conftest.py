"""Property tests say what holds, not how fast: a busy machine fails none of them."""

from hypothesis import settings

settings.register_profile("no_deadline", deadline=None)
settings.load_profile("no_deadline")
