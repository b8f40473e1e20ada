"""The token game of BPMN 2.0 (chapter 13) with conditions, written plainly and for the tests alone.

It plays the same diagram beside the engine: after every act the same tasks must be open. Shares with the engine only the
facts of the diagram and FEEL.
"""

from collections import Counter
from datetime import UTC, datetime

from engine.feel import Environment, compile_expression

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


class NoWay(Exception):
    """A gateway finds no way out, or a condition has no answer."""


class Oracle:
    """One run of a process. ``open`` counts the open user tasks."""

    def __init__(self, process):
        self.elements, self.flows = process.elements, process.flows
        self.tokens: Counter[str] = Counter()
        self.open: Counter[str] = Counter()
        self.inside: Counter[str] = Counter()
        self.variables: dict[str, dict[str, object]] = {}
        self._begin(None)
        self.settle()

    def complete(self, task, answer):
        """Complete one open task."""
        self.variables[task] = answer
        self.open[task] -= 1
        self._put(self.elements[task].outgoing)
        self.settle()

    def settle(self):
        """Move tokens until only people can go on."""
        while any(self._arrive(flow) for flow, count in sorted(self.tokens.items()) if count > 0) or self._leave():
            pass

    def _put(self, flows):
        self.tokens.update(flows)

    def _begin(self, parent):
        starts = (e for e in self.elements.values() if e.tag == "startEvent" and e.parent == parent)
        self._put(next(starts).outgoing)

    def _arrive(self, flow):
        element = self.elements[self.flows[flow].target]
        if self.tokens[flow] <= 0:
            return False
        if element.tag in {"parallelGateway", "inclusiveGateway"}:
            return self._join(element)
        self.tokens[flow] -= 1
        if element.tag == "userTask":
            self.open[element.id] += 1
        elif element.tag == "subProcess":
            self.inside[element.id] += 1
            self._begin(element.id)
        elif element.tag == "exclusiveGateway":
            self._put(self._chosen(element)[:1])
        return True

    def _join(self, gateway):
        arrived = {flow for flow in gateway.incoming if self.tokens[flow] > 0}
        if gateway.tag == "parallelGateway":
            if len(arrived) < len(gateway.incoming):
                return False
            self._put(gateway.outgoing)
        else:
            if self._more_may_come(gateway, arrived):
                return False
            self._put(self._chosen(gateway))
        self.tokens.subtract(arrived)
        return True

    def _chosen(self, gateway):
        """The flows out whose conditions are true, else the default."""
        flows = [self.flows[own] for own in gateway.outgoing]
        if len(flows) == 1 and not flows[0].condition:
            return [flows[0].id]
        chosen = []
        for flow in flows:
            if flow.id != gateway.default:
                value = compile_expression(flow.condition).evaluate(self.variables, Environment(now=NOW))
                if value is None:
                    raise NoWay(flow.id)
                if value is True:
                    chosen.append(flow.id)
                    if gateway.tag == "exclusiveGateway":
                        break
        if not chosen and not gateway.default:
            raise NoWay(gateway.id)
        return chosen or [gateway.default]

    def _more_may_come(self, gateway, arrived):
        """Whether a token elsewhere can reach a way in that is empty and none that is full, never through the gateway."""
        empty = set(gateway.incoming) - arrived
        tokens = [{flow} for flow, count in self.tokens.items() if count > 0 and flow not in arrived]
        for own, count in (self.open + self.inside).items():
            tokens += [set(self.elements[own].outgoing)] if count > 0 else []
        ways = [self._reached(token, gateway) for token in tokens]
        return any(way & empty and not way & arrived for way in ways)

    def _reached(self, flows, gateway):
        seen = set()
        while flows:
            flow = flows.pop()
            if flow not in seen:
                seen.add(flow)
                if flow not in gateway.incoming:
                    flows |= set(self.elements[self.flows[flow].target].outgoing)
        return seen

    def _leave(self):
        """Leave the first sub-process in which nothing is left."""
        busy = {self.flows[own].parent for own, count in self.tokens.items() if count > 0}
        busy |= {self.elements[own].parent for own, count in (self.open + self.inside).items() if count > 0}
        for own, count in self.inside.items():
            if count > 0 and own not in busy:
                self.inside[own] -= 1
                self._put(self.elements[own].outgoing)
                return True
        return False
