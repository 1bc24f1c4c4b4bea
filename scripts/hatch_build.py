"""Makes the files that pages load before a wheel is built, so that an installed program needs no npm."""

import importlib.util
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AssetsHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs ``scripts/assets.py``; an editable install leaves that to make."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 (the name that hatchling gives it)
        """Called by hatchling before files are collected."""
        if version == "editable":
            return
        path = Path(__file__).with_name("assets.py")
        specification = importlib.util.spec_from_file_location("assets", path)
        if specification is None or specification.loader is None:
            raise RuntimeError(f"{path} kan niet worden geladen.")
        assets = importlib.util.module_from_spec(specification)
        specification.loader.exec_module(assets)
        assets.make()
