"""Every page of the program, by the file that draws it. Knows no page from inside."""

from __future__ import annotations

from web import definitions
from web.audit import anchors, event_logs, looks, playback
from web.audit import pages as audit
from web.calendar import changes, proposals, year
from web.cases import (
    board,
    bulk,
    case,
    case_acts,
    deadline_acts,
    drafts,
    files,
    inbox,
    messages,
    overview,
    proposed,
    running,
    saved,
    sealed,
    sheets,
    start,
    statistics,
    stranded,
    tasks,
    verbs,
    visible,
)
from web.directory import (
    absence,
    accounts,
    invitations,
    leaving,
    notifications,
    organisations,
    phrases,
    profile,
    signin,
    succession,
)
from web.help import pages as help_pages
from web.operator import background, health, imports
from web.operator import notifications as outgoing
from web.public import pages as public
from web.registers import pages as registers
from web.workshop import comparing, designs, editor, trial_forms, trials

BLUEPRINTS = (
    *(overview.pages, statistics.pages, verbs.pages, bulk.pages),
    *(
        inbox.pages,
        tasks.pages,
        start.pages,
        visible.pages,
        board.pages,
        drafts.pages,
        case.pages,
        case_acts.pages,
        files.pages,
    ),
    *(proposed.pages, messages.pages, deadline_acts.pages, running.pages, stranded.pages, registers.pages),
    *(saved.pages, public.pages, sheets.pages, sealed.pages),
    *(year.pages, changes.pages, proposals.pages, definitions.pages, help_pages.pages),
    *(trials.pages, trial_forms.pages),
    *(designs.pages, editor.pages, comparing.pages),
    *(
        background.pages,
        outgoing.pages,
        health.pages,
        imports.pages,
        audit.pages,
        looks.pages,
        event_logs.pages,
        anchors.pages,
        playback.pages,
    ),
    *(
        signin.auth_pages,
        profile.pages,
        absence.pages,
        phrases.pages,
        notifications.pages,
        leaving.pages,
        accounts.people_pages,
        invitations.pages,
        invitations.open_pages,
        organisations.organisation_pages,
        succession.pages,
    ),
)
