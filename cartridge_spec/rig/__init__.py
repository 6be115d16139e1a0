"""Runs the cartridges' real files on Rhino, the engine SFCC's own descends from."""
