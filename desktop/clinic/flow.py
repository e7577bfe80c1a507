"""The most that can flow through a network: how many of those who wait can be served at the same time."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable

_SOURCE, _SINK = "source", "sink"


class Network:
    """A network from groups of people to whatever can serve them; nodes are any hashable values."""

    def __init__(self) -> None:
        """Begin empty."""
        self._left: dict[Hashable, dict[Hashable, int]] = {}

    def feed(self, node: Hashable, amount: int) -> None:
        """Let that much enter at the node."""
        self._add(_SOURCE, (node,), amount)

    def join(self, node: Hashable, onward: Hashable | None, amount: int) -> None:
        """Let at most that much flow from the node to the next one; onward None is the end."""
        self._add((node,), _SINK if onward is None else (onward,), amount)

    def copy(self) -> Network:
        """The same network with what already flows, to try something out."""
        other = Network()
        other._left = {node: dict(edges) for node, edges in self._left.items()}
        return other

    def push(self) -> int:
        """Let as much flow as possible on top of what flows already, and tell how much more that is.

        Shortest paths first (Edmonds and Karp), so it ends whatever the amounts.
        """
        pushed = 0
        while (path := self._path()) is not None:
            amount = min(self._left[a][b] for a, b in path)
            for a, b in path:
                self._left[a][b] -= amount
                self._left[b][a] += amount
            pushed += amount
        return pushed

    def _add(self, a: Hashable, b: Hashable, amount: int) -> None:
        self._left.setdefault(a, {})[b] = amount
        self._left.setdefault(b, {}).setdefault(a, 0)

    def _path(self) -> list[tuple[Hashable, Hashable]] | None:
        before: dict[Hashable, Hashable] = {_SOURCE: _SOURCE}
        waiting: deque[Hashable] = deque((_SOURCE,))
        while waiting:
            node = waiting.popleft()
            for onward, left in self._left.get(node, {}).items():
                if left > 0 and onward not in before:
                    before[onward] = node
                    if onward == _SINK:
                        return _back(before)
                    waiting.append(onward)
        return None


def _back(before: dict[Hashable, Hashable]) -> list[tuple[Hashable, Hashable]]:
    path: list[tuple[Hashable, Hashable]] = []
    node: Hashable = _SINK
    while node != _SOURCE:
        path.append((before[node], node))
        node = before[node]
    return path
