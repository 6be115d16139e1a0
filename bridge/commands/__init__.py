"""The commands, by what whoever types them wants: to run, to try, to look."""
