"""A contractor's agent sees of the cases in which it takes part what it has to know, and nothing else."""

from __future__ import annotations

from tests.workflows import player
from tests.workflows.world import WORKFLOWS, found

PAID_LATE = WORKFLOWS / "contract_payment" / "scenarios" / "paid_late_and_early.toml"
SIGNING = WORKFLOWS / "contract_signing" / "scenarios" / "signed_and_filed.toml"
AGENT = "contractor_agent@C0001"


def test_a_contractor_reads_the_contract_and_its_terms_before_it_signs(tmp_path):
    world = found(tmp_path)
    scenario = player.read(SIGNING)
    signing = next(at for at, step in enumerate(scenario["step"]) if step.get("element") == "contractor_signs")
    player.play(world, "contract_signing", {**scenario, "people": [AGENT], "step": scenario["step"][:signing]})
    agent = world.actor(AGENT)
    (task,) = world.application.cases.inbox.page(agent, "todo").rows
    seen = world.application.cases.reading.case(agent, task.case_id)
    assert [one.filename for one in seen.attachments] == ["岗位服务购买合同HTQD2026-0002.docx"]
    assert "石家庄益工社会工作服务中心" in seen.head.title and "864000元" in seen.head.summary
    (terms,) = [one for one in seen.submissions if one.name[0] == "核定合同条款"]
    said = str(terms.fields("zh"))
    assert "130682902-001" in said and "违约金" in said
    world.application.database.close()


def test_whoever_orders_a_contractor_to_correct_sees_that_the_buyer_itself_paid_late(tmp_path):
    world = found(tmp_path)
    scenario = player.read(SIGNING)
    player.play(world, "contract_signing", scenario)
    first = next(at for at, step in enumerate(player.read(PAID_LATE)["step"]) if step.get("outcome") == "received")
    steps = player.read(PAID_LATE)["step"][: first + 1]
    player.play(world, "contract_payment", {**scenario, "step": steps})
    buyer, acting = world.actor("county_officer@130682"), world.application.cases.acting
    asked = {"contract": "HT2026-0001", "kind": "complaint", "said": "社工反映工资没有发放。"}
    ordered = acting.start(buyer, "contractor_compliance", "130682", asked).opened[0].id
    form = world.application.cases.reading.task(buyer, ordered).form
    assert form is not None and form.values["late_text"] == "2026-05-10应付的迟付2天"
    world.application.database.close()
