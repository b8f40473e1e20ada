"""A plain play of every step of a process without events and sub-processes, for the tests alone.

Knows no shortcut: tokens are counted on flows, every element is one step, every situation is a multiset. Shares nothing
with the checks but the facts of the diagram.
"""

from collections import Counter, deque
from dataclasses import dataclass
from itertools import combinations

MOST = 6000
TOKENS = 7


@dataclass
class Found:
    """Steps to the nearest join that starves (None: there is none), and the most tokens that were on one flow."""

    stuck: int | None = None
    most: int = 0


def play(process):
    """Every situation, nearest first; None when there are too many."""
    elements, flows = process.elements, process.flows
    begin = Counter(next(e for e in elements.values() if e.tag == "startEvent").outgoing)
    first = frozenset(begin.items())
    seen, waiting, found = {first: 1}, deque([first]), Found()
    while waiting:
        marking = waiting.popleft()
        tokens = Counter(dict(marking))
        if sum(tokens.values()) > TOKENS or len(seen) > MOST:
            return None
        found.most = max(found.most, *tokens.values(), 0)
        nexts = [after for e in elements.values() for after in _after(e, tokens, elements, flows)]
        if tokens and not nexts:
            found.stuck = seen[marking]
            return found
        for after in nexts:
            key = frozenset(after.items())
            if key not in seen:
                seen[key] = seen[marking] + 1
                waiting.append(key)
    return found


def starves(process, path):
    """Whether elements that are passed in this order, but for the last one, leave a situation in which nothing moves."""
    elements, flows = process.elements, process.flows
    first, *between, _ = path
    situations = [Counter(elements[first].outgoing)]
    for own in between:
        situations = [after for tokens in situations for after in _after(elements[own], tokens, elements, flows)]
    return any(not any(list(_after(e, tokens, elements, flows)) for e in elements.values()) for tokens in situations)


def _after(element, tokens, elements, flows):
    arrived = [flow for flow in element.incoming if tokens[flow]]
    if not arrived:
        return
    if element.tag == "parallelGateway":
        if len(arrived) == len(element.incoming):
            yield _moved(tokens, arrived, element.outgoing)
    elif element.tag == "inclusiveGateway":
        if not _more_may_come(element, tokens, set(arrived), elements, flows):
            for put in _mixtures(element, flows):
                yield _moved(tokens, arrived, put)
    else:
        for flow in arrived:
            choices = [(own,) for own in element.outgoing] if element.tag == "exclusiveGateway" else [element.outgoing]
            for put in choices:
                yield _moved(tokens, [flow], put)


def _mixtures(gateway, flows):
    """What an inclusive gateway may choose: those without a condition, any others; the default when there is nothing."""
    others = [own for own in gateway.outgoing if own != gateway.default]
    sure = [own for own in others if not flows[own].condition]
    perhaps = [own for own in others if flows[own].condition]
    for size in range(len(perhaps) + 1):
        for put in combinations(perhaps, size):
            if put or (sure and gateway.default not in gateway.outgoing):
                yield [*sure, *put]
    if gateway.default in gateway.outgoing:
        yield [*sure, gateway.default]


def _moved(tokens, taken, put):
    after = Counter(tokens)
    after.subtract(taken)
    after.update(put)
    return +after


def _more_may_come(join, tokens, full, elements, flows):
    empty = set(join.incoming) - full
    ways = (_reached(flow, join, elements, flows) for flow in tokens if flow not in full)
    return any(way & empty and not way & full for way in ways)


def _reached(flow, join, elements, flows):
    seen, waiting = set(), [flow]
    while waiting:
        at = waiting.pop()
        if at not in seen:
            seen.add(at)
            if at not in join.incoming:
                waiting.extend(elements[flows[at].target].outgoing)
    return seen
