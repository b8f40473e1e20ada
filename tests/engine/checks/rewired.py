"""Bends a random model: flows moved or added, gateways of another kind. Mostly nonsense, some not."""

import re


def rewired(xml, chance):
    """The same diagram with one to four flows bent, dropped or added, or gateways of another kind."""
    text = xml.decode()
    for _ in range(chance.randint(1, 4)):
        gateways = re.findall(r"<bpmn:(\w+)Gateway id=\"(\w+)\"", text)
        targets = re.findall(r"<bpmn:(?:userTask|\w+Gateway) id=\"(\w+)\"", text)
        match chance.randrange(4):
            case 0:
                old = chance.choice(re.findall(r'sourceRef="\w+" targetRef="\w+"', text))
                text = text.replace(old, f'{old.split(" ")[0]} targetRef="{chance.choice(targets)}"', 1)
            case 1 if gateways:
                kind, own = chance.choice(gateways)
                other = chance.choice(["parallel", "exclusive", "inclusive"])
                pattern = rf'<bpmn:{kind}(Gateway id="{own}".*?</bpmn:){kind}Gateway>'
                text = re.sub(pattern, rf"<bpmn:{other}\g<1>{other}Gateway>", text, count=1)
            case 2 if len(gateways) > 1:
                (_, source), (_, target) = chance.sample(gateways, 2)
                condition = "<bpmn:conditionExpression>list contains(t1.picks, 0)</bpmn:conditionExpression>"
                flow = f'<bpmn:sequenceFlow id="extra_{chance.randrange(10**6)}" sourceRef="{source}" targetRef="{target}">'
                text = text.replace("</bpmn:process>", f"{flow}{condition}</bpmn:sequenceFlow></bpmn:process>")
            case 3:
                flows = re.findall(r"<bpmn:sequenceFlow .*?</bpmn:sequenceFlow>", text)
                text = text.replace(chance.choice(flows), "", 1) if len(flows) > 1 else text
    return text.encode()
