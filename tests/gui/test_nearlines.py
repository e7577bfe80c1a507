"""On the Match screen: what would help, as the office says it, above the excluded and beside each of them."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.clinic.referral import ReferralId, Stage
from desktop.gui.desk import Desk
from desktop.gui.matching import MatchScreen
from desktop.gui.nearlines import relaxed
from desktop.gui.window import Window
from desktop.office import matching
from tests.gui.conftest import Settle
from tests.gui.oversight import went
from tests.gui.test_window import until_clean


@pytest.fixture
def helped(desk: Desk) -> ReferralId:
    """A referral for which a change of the request would help, and for which some therapist is one change away."""
    with desk._store.reading() as reader:
        referrals = reader.referrals(stages=(Stage.TRIAGED, Stage.WAITLISTED, Stage.CONTACTING))
    for one in referrals:
        if one.request is not None:
            found = matching.nearness(desk._store, desk.actor, one.id)
            if found.relaxations and found.misses:
                return one.id
    raise AssertionError


def test_the_office_tries_the_changes_out(desk: Desk, helped: ReferralId) -> None:
    """Every miss is somebody excluded; every relaxation names whom it adds."""
    match = matching.match_referral(desk._store, desk.actor, helped)
    found = matching.nearness(desk._store, desk.actor, helped)
    excluded = {one.therapist for one in match.excluded}
    assert {one.therapist for one in found.misses} <= excluded
    assert all(set(one.unlocks) <= excluded for one in found.relaxations)


@pytest.mark.parametrize("percent", [100, 200])
def test_it_stands_beside_the_excluded(
    window: Window, desk: Desk, settle: Settle, qtbot: QtBot, helped: ReferralId, percent: int
) -> None:
    """A sentence for each, and no word of another referral stays when the next one is chosen."""
    window.settings_with(text_percent=percent)
    screen = went(window, settle, MatchScreen, "match", helped)
    found = matching.nearness(desk._store, desk.actor, helped)
    answer = screen.presenter._answer
    assert answer is not None
    said = [one.text() for one in screen.view.findChildren(QLabel)]
    for one in found.relaxations:
        assert relaxed(one, answer.names) in said
    for miss in found.misses:
        assert f"One change away: {miss.sentence}" in said
    until_clean(qtbot, window)
    screen.view.show_answer(None)
    qtbot.waitUntil(
        lambda: not any(one.text().startswith("One change away") for one in screen.view.findChildren(QLabel))
    )
