"""The words on a printed paper, in Chinese and English. Knows no layout."""

from __future__ import annotations

Text = tuple[str, str]

WORDS: dict[str, Text] = {
    "matter": ("事项名称", "Matter"),
    "number": ("编号", "Number"),
    "status": ("事项状态", "Status"),
    "organisation": ("申请单位", "Applicant"),
    "by": ("提交人", "Submitted by"),
    "at": ("提交时间", "Submitted at"),
    "step": ("办理环节", "Step"),
    "outcome": ("办理结果", "Result"),
    "opinion": ("{}意见", "Opinion: {}"),
    "submitter": ("填报单位", "Submitted by"),
    "handler": ("经办人：{}", "Handled by: {}"),
    "signature": ("负责人（签字）：____________", "Signature: ____________"),
    "seal": ("{}（盖章）", "{} (seal)"),
    "own_place": ("所在单位", "Organisation"),
    "person": ("申请人", "Applicant"),
    "own_signature": ("申请人（签名）：____________", "Applicant (signature): ____________"),
    "undated": ("　　年　　月　　日", "Date: ____________"),
    "superseded": ("本件的内容后来已修改并重新提交（第{}号记录）。", "Corrected and submitted again: record {}."),
    "legend": ("标有“※”的内容须特别注意。", "What is marked with ※ needs attention."),
    "page": ("第 {} 页　共 {} 页", "Page {} of {}"),
    "evidence": ("存证 {}", "Evidence {}"),
    "made_from": (
        "本件依据本事项第{}号办理记录生成。记录摘要值（SHA-256）：{}",
        "Made from record {} of this case. SHA-256 of the record: {}",
    ),
    "list": ("明细", "List"),
    "all_opinions": ("意见截至第{}号记录，摘要值（SHA-256）：{}", "Opinions up to record {}, SHA-256: {}"),
}
STATUS: dict[str, Text] = {
    "running": ("办理中", "In progress"),
    "completed": ("已办结", "Completed"),
    "refused": ("已驳回", "Refused"),
    "withdrawn": ("已撤回", "Withdrawn"),
    "cancelled": ("已撤销", "Cancelled"),
}
