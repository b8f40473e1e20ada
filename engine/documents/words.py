"""The words on a printed paper. Knows no layout."""

from __future__ import annotations

from engine.words import Words, say

WORDS: dict[str, Words] = {
    "matter": say("事项名称"),
    "number": say("编号"),
    "status": say("事项状态"),
    "organisation": say("申请单位"),
    "by": say("提交人"),
    "at": say("提交时间"),
    "step": say("办理环节"),
    "outcome": say("办理结果"),
    "opinion": say("{step}意见"),
    "submitter": say("填报单位"),
    "handler": say("经办人：{name}"),
    "signature": say("负责人（签字）：____________"),
    "seal": say("{name}（盖章）"),
    "own_place": say("所在单位"),
    "person": say("申请人"),
    "own_signature": say("申请人（签名）：____________"),
    "undated": say("　　年　　月　　日"),
    "superseded": say("本件的内容后来已修改并重新提交（第{number}号记录）。"),
    "legend": say("标有“※”的内容须特别注意。"),
    "page": say("第 {page} 页　共 {pages} 页"),
    "evidence": say("防篡改校验 {hash}"),
    "made_from": say("本件依据本事项第{number}号办理记录生成。记录摘要值（SHA-256）：{hash}"),
    "list": say("明细"),
    "all_opinions": say("意见截至第{number}号记录，摘要值（SHA-256）：{hash}"),
    "title": say("{process}（{step}）"),
}
STATUS: dict[str, Words] = {
    "running": say("办理中"),
    "completed": say("已办结"),
    "refused": say("已驳回"),
    "withdrawn": say("已撤回"),
    "cancelled": say("已撤销"),
}
