"""Small DMN files made of text, for the tests of decisions."""

from __future__ import annotations

from xml.sax.saxutils import escape

DMN = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def definitions(*parts: str, namespace: str = "urn:d") -> bytes:
    """A whole file around these elements."""
    names = f'xmlns="{DMN}" xmlns:gw="urn:gangwei:bpmn:1" id="d" name="d" namespace="{namespace}"'
    return f"<definitions {names}>{chr(10).join(parts)}</definitions>".encode()


def literal(text: str) -> str:
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


def decision(id: str, logic: str, *requires: str, kind: str = "", name: str = "") -> str:
    """A decision; ``requires`` are kind:id pairs such as ``Input:age``."""
    links = "".join(
        f'<{"knowledge" if what == "Knowledge" else "information"}Requirement><required{what} href="#{target}"/>'
        f"</{'knowledge' if what == 'Knowledge' else 'information'}Requirement>"
        for what, _, target in (one.partition(":") for one in requires)
    )
    name = name or id
    return f'<decision id="{id}" name="{name}"><variable name="{name}" typeRef="{kind}"/>{links}{logic}</decision>'


def data(name: str, kind: str = "") -> str:
    return f'<inputData id="{name}" name="{name}"><variable name="{name}" typeRef="{kind}"/></inputData>'


def table(
    policy: str, inputs: list[str], outputs: list[str], rows: list[tuple[str, str]], aggregation: str = ""
) -> str:
    """A table; inputs ``name`` or ``name|allowed``; outputs ``name``, ``name|allowed`` or ``name|allowed|default``.

    A row is its tests and its answers, each separated by `` ; ``.
    """
    out = [f'<decisionTable id="t" hitPolicy="{policy}"{f""" aggregation="{aggregation}" """ if aggregation else ""}>']
    for index, one in enumerate(inputs):
        text, _, allowed = one.partition("|")
        values = f"<inputValues><text>{escape(allowed)}</text></inputValues>" if allowed else ""
        expression = f"<inputExpression><text>{escape(text)}</text></inputExpression>"
        out.append(f'<input id="i{index}">{expression}{values}</input>')
    for index, one in enumerate(outputs):
        name, allowed, default = (*one.split("|"), "", "")[:3]
        values = f"<outputValues><text>{escape(allowed)}</text></outputValues>" if allowed else ""
        other = f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>" if default else ""
        out.append(f'<output id="o{index}" name="{name}">{values}{other}</output>')
    for index, (tests, answers) in enumerate(rows):
        cells = "".join(f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in tests.split(" ; "))
        given = "".join(f"<outputEntry><text>{escape(cell)}</text></outputEntry>" for cell in answers.split(" ; "))
        out.append(f'<rule id="r{index + 1}">{cells}{given}</rule>')
    return "".join(out) + "</decisionTable>"


def knowledge(id: str, parameters: dict[str, str], body: str, *requires: str, kind: str = "") -> str:
    """A business knowledge model; ``parameters`` have their types."""
    formal = "".join(f'<formalParameter name="{name}" typeRef="{ref}"/>' for name, ref in parameters.items())
    links = "".join(
        f'<knowledgeRequirement><requiredKnowledge href="#{one}"/></knowledgeRequirement>' for one in requires
    )
    return (
        f'<businessKnowledgeModel id="{id}" name="{id}"><variable name="{id}" typeRef="{kind}"/>'
        f"<encapsulatedLogic>{formal}{body}</encapsulatedLogic>{links}</businessKnowledgeModel>"
    )


def service(id: str, outputs: list[str], encapsulated: list[str], decisions: list[str], inputs: list[str]) -> str:
    lists = {
        "outputDecision": outputs,
        "encapsulatedDecision": encapsulated,
        "inputDecision": decisions,
        "inputData": inputs,
    }
    inside = "".join(f'<{tag} href="#{one}"/>' for tag, ids in lists.items() for one in ids)
    return f'<decisionService id="{id}" name="{id}"><variable name="{id}"/>{inside}</decisionService>'


def item(name: str, inside: str, collection: bool = False) -> str:
    return f'<itemDefinition name="{name}" isCollection="{str(collection).lower()}">{inside}</itemDefinition>'


def simple(ref: str, allowed: str = "", constraint: str = "") -> str:
    """The inside of a type: what it is based on, and what restricts it."""
    parts = f"<typeRef>{ref}</typeRef>"
    if allowed:
        parts += f"<allowedValues><text>{escape(allowed)}</text></allowedValues>"
    return parts + (f"<typeConstraint><text>{escape(constraint)}</text></typeConstraint>" if constraint else "")


def component(name: str, inside: str) -> str:
    return f'<itemComponent name="{name}">{inside}</itemComponent>'
