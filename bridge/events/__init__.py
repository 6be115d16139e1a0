"""From a stored order to the exact event a platform is sent, one module a platform."""
