"""Our own code, read as it is written: what the guards walk."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent.parent
APPS = ("teams", "cases", "frontdoor")


@dataclass(frozen=True)
class Module:
    path: Path
    tree: ast.Module

    @property
    def name(self) -> str:
        """Like ``cases.actions.plan``; a package is called what it is imported as."""
        parts = self.path.relative_to(HERE).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def app(self) -> str:
        return self.name.split(".")[0]

    @property
    def kind(self) -> str:
        """Which of the words it is: ``cases.actions.plan`` is one of the actions."""
        parts = self.name.split(".")
        return parts[1] if len(parts) > 1 else ""

    def at(self, node: ast.AST) -> str:
        return f"{self.path.relative_to(HERE)}:{getattr(node, 'lineno', 1)}"

    def imports(self) -> Iterator[tuple[ast.AST, str]]:
        """Each thing that is imported, by its whole name: ``from cases import sections`` is ``cases.sections``."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield node, alias.name
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self.at(node)} imports relatively: write the whole name"
                for alias in node.names:
                    yield node, f"{node.module}.{alias.name}"


@cache
def modules(*apps: str) -> tuple[Module, ...]:
    """The Python files of these apps (of all, and the wiring, when none is named), without migrations."""
    return tuple(
        Module(path, ast.parse(path.read_text()))
        for app in apps or (*APPS, "config")
        for path in sorted((HERE / app).rglob("*.py"))
        if "migrations" not in path.parts
    )


def templates() -> list[Path]:
    return sorted(path for path in (HERE / "templates").rglob("*") if path.is_file())
