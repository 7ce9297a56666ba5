"""Layered drawing of a design: rows from top to bottom, few crossings, straight branches.

The method is Sugiyama's: rows from the longest paths, a placeholder in every row that a long wire passes, an order
in each row from barycentres, then coordinates that keep neighbours apart and otherwise in line with what they are
wired to.

Source: Sugiyama, Tagawa and Toda, Methods for Visual Understanding of Hierarchical System Structures, 1981;
    the coordinates solve a least-squares problem per row by pooling adjacent violators (Barlow et al., 1972).
"""

from bisect import bisect_left, insort
from collections.abc import Collection, Iterable, Mapping
from itertools import pairwise
from math import floor

from onebyone.analysis.topology import branch_order
from onebyone.design import Design, Direction, Node
from onebyone.layout.alignment import Box
from onebyone.layout.placement import block_offset

Size = tuple[float, float]
Point = tuple[float, float]
# A node's id, or (source, row) for the wires of a source that pass a row.
_Vertex = str | tuple[str, int]

DEFAULT_SIZE: Size = (160.0, 58.0)
GRID = 8.0
_NODE_GAP = 56.0
_WIRE_GAP = 24.0
_ROW_GAP = 48.0
# Wide fans need more height, or their wires lie flat.
_FAN_SLOPE = 0.06
_MOST_FAN_ROOM = 40.0
_PART_GAP = 96.0
_SHELF_WIDTH = 2400.0
_SWEEPS = 8
_FEW_SWEEPS = 2
_PASSES = 8
_FEW_PASSES = 1
_LARGE = 4_000
_MOST_PLACEHOLDERS = 40_000
# A wire that skips to a merge gives way, so that the branch beside it stays straight.
_SKIP_WEIGHT = 1e-6


def arrange(
    design: Design,
    sizes: Mapping[str, Size] | None = None,
    direction: Direction = "down",
    ids: Collection[str] | None = None,
) -> dict[str, Point]:
    """Positions (top left, multiples of 8) for all nodes of a design.

    Args:
        sizes: Width and height of the nodes; those that are missing have the usual size.
        direction: Where the results flow.
        ids: Only these nodes are placed; they stay around where they are now and land on no more boxes than before.
    """
    chosen = [node for node in design.nodes if ids is None or node.id in ids]
    if not chosen:
        return {}
    known = sizes or {}
    boxes = {node.id: known.get(node.id, DEFAULT_SIZE) for node in chosen}
    if direction == "right":
        boxes = {name: (height, width) for name, (width, height) in boxes.items()}
    wires = _acyclic_wires(chosen)
    parts = [_Drawing(part, wires, boxes).positions() for part in _parts(wires)]
    placed = _on_shelves(parts, boxes)
    if direction == "right":
        placed = {name: (y, x) for name, (x, y) in placed.items()}
    left, top = (0.0, 0.0) if ids is None else _offset(design, placed, known)
    return {node.id: (placed[node.id][0] + left, placed[node.id][1] + top) for node in chosen}


def count_crossings(design: Design, positions: Mapping[str, Point], sizes: Mapping[str, Size] | None = None) -> int:
    """How many pairs of wires cross when drawn as straight lines from bottom centre to their place on top."""
    known = sizes or {}
    segments = []
    for node in design.nodes:
        x, y = positions[node.id]
        width = known.get(node.id, DEFAULT_SIZE)[0]
        for index, source in enumerate(node.inputs):
            if source in positions:
                source_width, source_height = known.get(source, DEFAULT_SIZE)
                start = (positions[source][0] + source_width / 2, positions[source][1] + source_height)
                segments.append((start, (x + width * (index + 0.5) / len(node.inputs), y)))
    return sum(_cross(a, b) for place, a in enumerate(segments) for b in segments[:place])


def _cross(first: tuple[Point, Point], second: tuple[Point, Point]) -> bool:
    (a, b), (c, d) = first, second
    if a in (c, d) or b in (c, d):
        return False
    return _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0


def _side(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _offset(design: Design, placed: Mapping[str, Point], sizes: Mapping[str, Size]) -> Point:
    """How far to move nodes that were placed alone; those that had no place yet stay at the origin."""
    now = {
        node.id: Box(*node.position, *sizes.get(node.id, DEFAULT_SIZE))
        for node in design.nodes
        if node.position is not None
    }
    old = {name: box for name, box in now.items() if name in placed}
    if not old:
        return 0.0, 0.0
    new = {name: Box(*place, *sizes.get(name, DEFAULT_SIZE)) for name, place in placed.items()}
    return block_offset(new, old, {name: box for name, box in now.items() if name not in placed})


def _acyclic_wires(nodes: Iterable[Node]) -> dict[str, tuple[str, ...]]:
    """The inputs of each node within the drawing, without those that close a cycle."""
    known = {node.id: node.inputs for node in nodes}
    wires = {
        name: tuple(dict.fromkeys(source for source in inputs if source in known and source != name))
        for name, inputs in known.items()
    }
    rank = {name: place for place, name in enumerate(branch_order(wires, wires))}
    # Depth first, a node comes after all its inputs, unless the input leads back to it.
    return {name: tuple(source for source in inputs if rank[source] < rank[name]) for name, inputs in wires.items()}


def _parts(wires: Mapping[str, tuple[str, ...]]) -> list[list[str]]:
    """The connected parts, in the order of the design, each with its nodes in that order."""
    import networkx as nx

    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(wires)
    graph.add_edges_from((source, name) for name, inputs in wires.items() for source in inputs)
    part_of = {name: number for number, part in enumerate(nx.connected_components(graph)) for name in part}
    parts: dict[int, list[str]] = {}
    for name in wires:
        parts.setdefault(part_of[name], []).append(name)
    return list(parts.values())


def _on_shelves(parts: list[dict[str, Point]], boxes: Mapping[str, Size]) -> dict[str, Point]:
    """Puts parts side by side, and on a new shelf where they become too wide."""
    placed: dict[str, Point] = {}
    left = top = deepest = 0.0
    for part in parts:
        width = max(x + boxes[name][0] for name, (x, _) in part.items())
        height = max(y + boxes[name][1] for name, (_, y) in part.items())
        if left > 0 and left + width > _SHELF_WIDTH:
            left, top, deepest = 0.0, deepest, 0.0
        for name, (x, y) in part.items():
            placed[name] = (x + left, y + top)
        left += _snapped(width + (_PART_GAP if len(part) > 1 else _NODE_GAP))
        deepest = max(deepest, top + _snapped(height + _PART_GAP))
    return placed


class _Drawing:
    """One connected part, row by row."""

    def __init__(self, names: list[str], wires: Mapping[str, tuple[str, ...]], boxes: Mapping[str, Size]) -> None:
        self._boxes = boxes
        self._wires = {name: wires[name] for name in names}
        self._order = branch_order(self._wires, self._wires)
        self._row = self._rows()
        self._above: dict[_Vertex, list[tuple[_Vertex, float]]] = {}
        self._below: dict[_Vertex, list[tuple[_Vertex, float]]] = {}
        self._weight: dict[_Vertex, float] = {}
        self._layers: list[list[_Vertex]] = [[] for _ in range(max(self._row.values()) + 1)]
        self._add_vertices()

    def positions(self) -> dict[str, Point]:
        """Top left of every node."""
        self._put_in_order()
        middles = self._middles()
        tops = self._tops(middles)
        lefts = {name: middles[name] - self._boxes[name][0] / 2 for name in self._wires}
        least = min(lefts.values())
        return {name: (_snapped(lefts[name] - least), tops[row]) for name, row in self._row.items()}

    def _rows(self) -> dict[str, int]:
        """The row of each node: behind its longest path, then as near to its users as that costs nothing."""
        import networkx as nx

        graph: nx.DiGraph[str] = nx.DiGraph()
        graph.add_nodes_from(self._order)
        graph.add_edges_from((source, name) for name, inputs in self._wires.items() for source in inputs)
        row = {name: number for number, names in enumerate(nx.topological_generations(graph)) for name in names}
        for name in reversed(self._order):
            users = graph.adj[name]
            if users and len(users) >= len(self._wires[name]):
                row[name] = min(row[user] for user in users) - 1
        return row

    def _add_vertices(self) -> None:
        """Fills the rows, branch by branch, with nodes and with placeholders for the wires that pass."""
        spare = _MOST_PLACEHOLDERS
        for name in self._order:
            self._add(name, self._row[name])
        for name in self._order:
            inputs = self._wires[name]
            for index, source in enumerate(inputs):
                port = (index + 0.5) / len(inputs) - 0.5
                upper: _Vertex = source
                for row in range(self._row[source] + 1, self._row[name]):
                    passing = (source, row)
                    if passing not in self._above:
                        if spare == 0:
                            break
                        spare -= 1
                        self._add(passing, row)
                        self._join(upper, passing, 0.0)
                        self._weight[passing] = _SKIP_WEIGHT
                    if len(inputs) == 1:
                        self._weight[passing] = 1.0
                    upper = passing
                else:
                    self._join(upper, name, port)
        self._sort_by_first_use()

    def _add(self, vertex: _Vertex, row: int) -> None:
        self._above[vertex] = []
        self._below[vertex] = []
        self._layers[row].append(vertex)

    def _join(self, upper: _Vertex, lower: _Vertex, port: float) -> None:
        self._above[lower].append((upper, port))
        self._below[upper].append((lower, port))

    def _sort_by_first_use(self) -> None:
        """The first order: as the branches are met from the ends of the design upwards, inputs from left to right."""
        rank: dict[_Vertex, int] = {}
        for name in reversed(self._order):
            stack: list[_Vertex] = [name]
            while stack:
                vertex = stack.pop()
                if vertex not in rank:
                    rank[vertex] = len(rank)
                    stack.extend(upper for upper, _ in reversed(self._above[vertex]))
        for layer in self._layers:
            layer.sort(key=rank.__getitem__)

    def _put_in_order(self) -> None:
        best = self._crossings()
        best_layers = [list(layer) for layer in self._layers]
        size = sum(map(len, self._layers))
        for sweep in range(_SWEEPS if size < _LARGE else _FEW_SWEEPS):
            if best == 0:
                break
            self._sweep(upwards=sweep % 2 == 0)
            crossings = self._crossings()
            if crossings < best:
                best, best_layers = crossings, [list(layer) for layer in self._layers]
        self._layers = best_layers

    def _sweep(self, upwards: bool) -> None:
        """Sorts each row by the mean place of what its vertices are wired to in the row before."""
        layers = self._layers[::-1] if upwards else self._layers
        for fixed, free in pairwise(layers):
            place = {vertex: float(number) for number, vertex in enumerate(fixed)}
            keys: dict[_Vertex, float] = {}
            for number, vertex in enumerate(free):
                if upwards:
                    met = [place[lower] + port for lower, port in self._below[vertex]]
                else:
                    met = [place[upper] for upper, _ in self._above[vertex]]
                keys[vertex] = sum(met) / len(met) if met else number * len(fixed) / len(free)
            free.sort(key=keys.__getitem__)

    def _crossings(self) -> int:
        total = 0
        for upper, lower in pairwise(self._layers):
            place = {vertex: float(number) for number, vertex in enumerate(lower)}
            seen: list[float] = []
            for vertex in upper:
                ends = sorted(place[end] + port for end, port in self._below[vertex])
                for end in ends:
                    total += len(seen) - bisect_left(seen, end + 1e-9)
                for end in ends:
                    insort(seen, end)
        return total

    def _middles(self) -> dict[_Vertex, float]:
        """The middle of each vertex: sweeps that put it in line with its wires, as far as its neighbours allow.

        First the rows find their places from one side, then from the other; at the end branches are straightened.
        """
        middles: dict[_Vertex, float] = {}
        rows = [(layer, self._spaces(layer)) for layer in self._layers]
        passes = _PASSES if sum(map(len, self._layers)) < _LARGE else _FEW_PASSES
        for layer, spaces in rows:
            self._settle(layer, [self._mean(self._above[vertex], middles) for vertex in layer], spaces, middles)
        for _ in range(passes):
            for sweep, joined in ((-1, self._below), (1, self._above)):
                for layer, spaces in rows[::sweep]:
                    wanted = [self._mean(joined[vertex], middles, middles[vertex]) for vertex in layer]
                    self._settle(layer, wanted, spaces, middles)
        anchors = {vertex: self._anchors(vertex) for layer in self._layers for vertex in layer}
        for number in range(2 * passes):
            for layer, spaces in rows[:: -1 if number % 2 == 0 else 1]:
                wanted = [self._mean(anchors[vertex], middles, middles[vertex]) for vertex in layer]
                self._settle(layer, wanted, spaces, middles)
        return middles

    def _anchors(self, vertex: _Vertex) -> list[tuple[_Vertex, float]]:
        """What a vertex stands in line with: the middle of what it joins or feeds, or the other end of its one wire."""
        above, below = self._firm(self._above[vertex]), self._firm(self._below[vertex])
        if len(above) > 1 or len(below) > 1:
            return (above if len(above) > 1 else []) + (below if len(below) > 1 else [])
        links = [end for end in above if len(self._firm(self._below[end[0]])) == 1]
        links += [end for end in below if len(self._firm(self._above[end[0]])) == 1]
        return links or above + below

    def _firm(self, joined: list[tuple[_Vertex, float]]) -> list[tuple[_Vertex, float]]:
        """The ends that do not give way."""
        return [end for end in joined if self._weight.get(end[0], 1.0) == 1.0]

    def _settle(
        self, layer: list[_Vertex], wanted: list[float], spaces: list[float], middles: dict[_Vertex, float]
    ) -> None:
        """Places one row: as near to what is wanted as the least distances allow, in the sense of least squares."""
        offsets = [0.0]
        for space in spaces:
            offsets.append(offsets[-1] + space)
        blocks: list[list[float]] = []
        for vertex, value, offset in zip(layer, wanted, offsets, strict=False):
            weight = self._weight.get(vertex, 1.0)
            blocks.append([value - offset, weight, 1])
            while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
                mean, weight, count = blocks.pop()
                before = blocks[-1]
                total = before[1] + weight
                blocks[-1] = [(before[0] * before[1] + mean * weight) / total, total, before[2] + count]
        values = [mean for mean, _, count in blocks for _ in range(int(count))]
        for vertex, value, offset in zip(layer, values, offsets, strict=False):
            middles[vertex] = value + offset

    def _mean(
        self, joined: list[tuple[_Vertex, float]], middles: Mapping[_Vertex, float], default: float = 0.0
    ) -> float:
        if not joined:
            return default
        ends = self._firm(joined) or joined
        return sum(middles[vertex] for vertex, _ in ends) / len(ends)

    def _spaces(self, layer: list[_Vertex]) -> list[float]:
        """The least distances between the middles of neighbours in a row."""
        return [self._half(a) + self._half(b) + self._gap(a, b) for a, b in pairwise(layer)]

    def _half(self, vertex: _Vertex) -> float:
        return self._boxes[vertex][0] / 2 if isinstance(vertex, str) else 0.0

    @staticmethod
    def _gap(first: _Vertex, second: _Vertex) -> float:
        are_nodes = isinstance(first, str) and isinstance(second, str)
        return _NODE_GAP if are_nodes else _WIRE_GAP

    def _tops(self, middles: Mapping[_Vertex, float]) -> list[float]:
        """The top of each row; below a wide fan there is more room."""
        tops = [0.0]
        for layer in self._layers[:-1]:
            height = max((self._boxes[vertex][1] for vertex in layer if isinstance(vertex, str)), default=0.0)
            swings = (abs(middles[vertex] - middles[end]) for vertex in layer for end, _ in self._below[vertex])
            fan = min(_FAN_SLOPE * max(swings, default=0.0), _MOST_FAN_ROOM)
            tops.append(tops[-1] + _snapped(height + _ROW_GAP + fan))
        return tops


def _snapped(value: float) -> float:
    # Python rounds halves to even; that would put boxes of different widths out of line.
    return floor(round(value / GRID, 6) + 0.5) * GRID
