"""Draws docs/architecture.md's picture: `make diagram`.

Its rooms are those that the import contracts in pyproject.toml name, its arrows what the code of
one imports of another. `make check` and a test draw it again, so that the page cannot go stale.
"""

import sys
import tomllib
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- drawn by make diagram -->\n", "<!-- end -->\n"

Contract = dict[str, list[str]]
Arrow = tuple[str, str]


def main() -> None:
    page = PAGE.read_text()
    if "--check" not in sys.argv:
        PAGE.write_text(redrawn(page))
    elif redrawn(page) != page:
        sys.exit(f"The picture in {PAGE.relative_to(ROOT)} is not of today: run make diagram.")


def redrawn(page: str) -> str:
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + drawn() + END + after


def drawn() -> str:
    """The picture, in Mermaid's language."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    packages, contracts = settings["root_packages"], settings["contracts"]
    graph = grimp.build_graph(*packages, cache_dir=str(ROOT / ".import_linter_cache"))
    rooms = rooms_of(contracts, packages, graph.modules)
    found = arrows(graph, rooms)
    first = {room: min(circle(room, found)) for room in rooms}
    between = {(first[one], first[other]) for one, other in found if first[one] != first[other]}
    lines = ["```mermaid", "flowchart TD", *boxes(rooms, first)]
    lines += [f"    {one} --> {other}" for one, other in fewest(between)]
    return "\n".join([*lines, "```", ""])


def rooms_of(contracts: Iterable[Contract], packages: list[str], modules: set[str]) -> list[str]:
    """Those that a contract speaks for and that are there, and packages that have none."""
    named = {room for contract in contracts for room in spoken_for(contract)} | set(packages)
    outer = {room.rpartition(".")[0] for room in named}
    return sorted((named - outer) & modules)


def spoken_for(contract: Contract) -> Iterator[str]:
    yield from contract.get("source_modules", ())
    for container in contract.get("containers", ()):
        for layer in contract["layers"]:
            yield from (f"{container}.{room.strip()}" for room in layer.split("|"))


def arrows(graph: grimp.ImportGraph, rooms: list[str]) -> set[Arrow]:
    """What a room imports of another."""
    ends = (
        (room_of(one, rooms), room_of(other, rooms))
        for one in graph.modules
        for other in graph.find_modules_directly_imported_by(one)
    )
    return {(one, other) for one, other in ends if one and other and one != other}


def room_of(module: str, rooms: list[str]) -> str:
    """The one that holds it; empty for a module outside of them, as settings are."""
    return next((room for room in rooms if f"{module}.".startswith(f"{room}.")), "")


def circle(room: str, along: Iterable[Arrow]) -> set[str]:
    """It and the rooms that import each other with it: they are one box."""
    there = reached(room, along)
    return {room} | {other for other in there if room in reached(other, along)}


def reached(start: str, along: Iterable[Arrow]) -> set[str]:
    found, new = set[str](), {start}
    while new:
        new = {end for begin, end in along if begin in new} - found
        found |= new
    return found


def fewest(found: set[Arrow]) -> list[Arrow]:
    """Without those that other arrows lead to as well, step by step."""
    return sorted(arrow for arrow in found if arrow[1] not in reached(arrow[0], found - {arrow}))


def boxes(rooms: list[str], first: dict[str, str]) -> Iterator[str]:
    """One a circle, in a frame for its package."""
    held = sorted(rooms, key=lambda room: (first[room], room))
    labels = {
        box: ", ".join(name_of(room) for room in inside)
        for box, inside in groupby(held, key=lambda room: first[room])
    }
    for package, inside in groupby(sorted(labels), key=lambda box: box.partition(".")[0]):
        yield f'    subgraph frame_{package}["{package}"]'
        yield from (f'        {box}["{labels[box]}"]' for box in inside)
        yield "    end"


def name_of(room: str) -> str:
    return room.partition(".")[2] or room


if __name__ == "__main__":
    main()
