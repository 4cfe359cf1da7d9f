"""Who gets which session, and when sessions end."""

import threading

import pytest

from nonlin.errors import InputError
from nonlin.web.sessions import Sessions
from web.stand_in import StandIn


def silent(content, buffer=None):
    pass


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def sessions(clock):
    return Sessions(StandIn, patience=0, clock=clock)


def test_a_page_that_comes_back_finds_its_session(sessions):
    first = sessions.enter(None, silent)
    sessions.leave(first)
    assert not first.is_attached
    assert sessions.enter(first.id, silent) is first
    assert first.is_attached
    assert len(sessions) == 1


@pytest.mark.parametrize("wanted", [None, "", "unknown", 3, ["a"], {"a": 1}, True])
def test_an_unknown_id_gets_a_new_session(sessions, wanted):
    first = sessions.enter(None, silent)
    assert sessions.enter(wanted, silent) is not first


def test_a_second_tab_with_the_same_id_gets_a_new_session(sessions):
    first = sessions.enter(None, silent)
    second = sessions.enter(first.id, silent)
    assert second is not first
    assert (first.is_attached, second.is_attached) == (True, True)


def test_a_page_that_is_loaded_again_waits_for_its_old_connection_to_end():
    sessions = Sessions(StandIn, patience=60)
    first = sessions.enter(None, silent)
    got = []
    loading = threading.Thread(target=lambda: got.append(sessions.enter(first.id, silent)))
    loading.start()
    sessions.leave(first)
    loading.join(30)
    assert got == [first]


def test_the_oldest_session_that_no_page_holds_makes_room_for_a_ninth(sessions, clock):
    kept = []
    for clock.now in range(8):
        kept.append(sessions.enter(None, silent))
    for clock.now, session in zip((10, 11, 12), (kept[5], kept[2], kept[7]), strict=True):
        sessions.leave(session)
    sessions.enter(None, silent)
    assert [s.closed for s in kept] == [False] * 5 + [True] + [False] * 2
    assert len(sessions) == 8
    assert sessions.enter(kept[2].id, silent) is kept[2]


def test_a_ninth_page_is_refused_while_eight_are_open(sessions):
    kept = [sessions.enter(None, silent) for _ in range(8)]
    with pytest.raises(InputError) as refused:
        sessions.enter(None, silent)
    assert str(refused.value) == "at most 8 pages may be open at once; close one, and load this page again"
    assert not any(s.closed for s in kept)
    sessions.leave(kept[3])
    sessions.enter(None, silent)
    assert kept[3].closed


def test_a_session_that_no_page_holds_ends_after_half_an_hour(sessions, clock):
    held, left, later = (sessions.enter(None, silent) for _ in range(3))
    sessions.leave(left)
    clock.now = 600.0
    sessions.leave(later)
    clock.now = 1799.0
    sessions.sweep()
    assert (held.closed, left.closed, later.closed) == (False, False, False)
    clock.now = 1800.0
    sessions.sweep()
    assert (held.closed, left.closed, later.closed) == (False, True, False)
    assert sessions.enter(left.id, silent) is not left


def test_closing_ends_them_all_and_lets_nobody_in(sessions):
    kept = [sessions.enter(None, silent) for _ in range(3)]
    sessions.leave(kept[0])
    sessions.close()
    assert all(s.closed for s in kept)
    sessions.leave(kept[1])  # a page that leaves while the server stops
    with pytest.raises(InputError) as refused:
        sessions.enter(kept[0].id, silent)
    assert str(refused.value) == "the server is stopping; start nonlin play again"


def test_a_session_that_cannot_be_made_leaves_nothing_behind():
    def fail():
        raise InputError("no")

    sessions = Sessions(fail, patience=0)
    with pytest.raises(InputError):
        sessions.enter(None, silent)
    assert len(sessions) == 0
