"""``lijst``: its commands, from the modules where they are."""

from registry.cli.field_sheets import veldformulier
from registry.cli.worklist_settings import bewaar, instellingen
from registry.cli.worklists import lijst

lijst.command("bewaar")(bewaar)
lijst.command("instellingen")(instellingen)
lijst.command("veldformulier")(veldformulier)

__all__ = ["lijst"]
