"""What the elements of a diagram and the fields of a form are called on a page. Knows no definition."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext

ELEMENTS: Final = {
    "startEvent": lazy_gettext("开始"),
    "endEvent": lazy_gettext("结束"),
    "userTask": lazy_gettext("人工办理"),
    "serviceTask": lazy_gettext("系统操作"),
    "businessRuleTask": lazy_gettext("决策"),
    "scriptTask": lazy_gettext("计算"),
    "callActivity": lazy_gettext("调用流程"),
    "subProcess": lazy_gettext("子流程"),
    "exclusiveGateway": lazy_gettext("排他网关"),
    "parallelGateway": lazy_gettext("并行网关"),
    "inclusiveGateway": lazy_gettext("包容网关"),
    "eventBasedGateway": lazy_gettext("事件网关"),
    "boundaryEvent": lazy_gettext("边界事件"),
    "intermediateCatchEvent": lazy_gettext("等待事件"),
    "intermediateThrowEvent": lazy_gettext("发出事件"),
    "task": lazy_gettext("任务"),
    "sendTask": lazy_gettext("发送消息"),
    "receiveTask": lazy_gettext("等待消息"),
    "manualTask": lazy_gettext("线下办理"),
    "transaction": lazy_gettext("事务"),
    "adHocSubProcess": lazy_gettext("自由子流程"),
    "complexGateway": lazy_gettext("复杂网关"),
    "sequenceFlow": lazy_gettext("路线"),
    "messageFlow": lazy_gettext("消息流"),
    "participant": lazy_gettext("流程池"),
    "lane": lazy_gettext("泳道"),
    "process": lazy_gettext("流程"),
    "collaboration": lazy_gettext("协作"),
    "message": lazy_gettext("消息"),
    "signal": lazy_gettext("信号"),
    "error": lazy_gettext("错误"),
    "escalation": lazy_gettext("升级"),
    "textAnnotation": lazy_gettext("注释"),
    "association": lazy_gettext("注释线"),
    "globalUserTask": lazy_gettext("公共的人工办理"),
}
FIELDS: Final = {
    "textfield": lazy_gettext("单行文字"),
    "textarea": lazy_gettext("多行文字"),
    "number": lazy_gettext("数字"),
    "checkbox": lazy_gettext("勾选"),
    "radio": lazy_gettext("单选"),
    "select": lazy_gettext("下拉选择"),
    "checklist": lazy_gettext("多选"),
    "taglist": lazy_gettext("标签多选"),
    "datetime": lazy_gettext("日期时间"),
    "filepicker": lazy_gettext("附件"),
    "expression": lazy_gettext("自动计算"),
    "group": lazy_gettext("分组"),
    "dynamiclist": lazy_gettext("可增减的行"),
}
