"""The names of roles and of what happens to accounts, as a reader sees them. Knows no page."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext

from web.common.context import actor
from web.common.i18n import pick

ACCOUNT_EVENTS = {
    "session_started": lazy_gettext("登录"),
    "sign_in_failed": lazy_gettext("登录失败"),
    "session_ended": lazy_gettext("退出登录"),
    "account_locked": lazy_gettext("连续输错密码，账号锁定"),
    "account_created": lazy_gettext("建立账号"),
    "sign_in_delayed": lazy_gettext("连续输错密码，须等待后再试"),
    "account_closed": lazy_gettext("停用账号"),
    "account_opened": lazy_gettext("启用账号"),
    "password_changed": lazy_gettext("修改密码"),
    "password_rehashed": lazy_gettext("登录时更新密码的存储方式"),
    "password_reset": lazy_gettext("重置密码"),
    "invitation_made": lazy_gettext("发出邀请"),
    "invitation_revoked": lazy_gettext("撤销邀请"),
    "invitation_used": lazy_gettext("接受邀请"),
    "role_granted": lazy_gettext("授予角色"),
    "role_revoked": lazy_gettext("收回角色"),
    "work_handed_over": lazy_gettext("离职交接"),
    "substitution_named": lazy_gettext("安排代理"),
    "substitution_ended": lazy_gettext("结束代理"),
    "directory_published": lazy_gettext("发布角色和单位类型"),
    "definitions_published": lazy_gettext("在控制台发布流程"),
    "definition_withdrawn": lazy_gettext("停用流程"),
    "organisations_imported": lazy_gettext("导入单位"),
    "organisation_renamed": lazy_gettext("单位更名"),
    "organisation_succeeded": lazy_gettext("单位撤并"),
    "calendar_proposed": lazy_gettext("提出日历变更"),
    "calendar_put_in_force": lazy_gettext("审定日历变更生效"),
    "calendar_refused": lazy_gettext("不予采纳日历变更"),
    "calendar_withdrawn": lazy_gettext("撤回日历变更"),
    "incident_settled": lazy_gettext("处理故障"),
    "backup_made": lazy_gettext("生成备份"),
    "installation_restored": lazy_gettext("由备份恢复"),
    "outbox_released": lazy_gettext("放行待发任务"),
    "notification_tested": lazy_gettext("发送测试消息"),
    "job_retried": lazy_gettext("重新执行后台任务"),
    "job_abandoned": lazy_gettext("跳过后台任务"),
    "case_terminated": lazy_gettext("因故障终止事项"),
    "definition_resumed": lazy_gettext("恢复暂停的流程"),
    "clock_moved": lazy_gettext("调整演示时钟"),
    "anchor_made": lazy_gettext("锚定证据"),
    "personal_opened": lazy_gettext("回放时查看个人信息"),
}


def role_name(role_id: str) -> str:
    """The name of a role in the reader's language; an unknown one as it is."""
    return pick(actor().directory.role_name(role_id))


def happening(kind: str) -> str:
    """What happened to an account, in words; a newer engine's event as it is."""
    return str(ACCOUNT_EVENTS.get(kind, kind))


def init_words(app: Flask) -> None:
    """Let templates say them."""
    app.jinja_env.filters.update(role_name=role_name, happening=happening)
