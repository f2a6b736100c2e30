"""Laws of servers: what a busy one bears is found out, and it is used as far as that goes."""

from __future__ import annotations

import asyncio
from itertools import count
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathif.engines.failures import Kind, NoReplyError
from mathif.engines.servers import FIRST_PATIENCE_S, LONGEST_PAUSE_S, PATIENCE_S, Server, Servers
from mathif.errors import EngineError


def finished_s(most: int, window_s: float, prompts: int, width: int) -> tuple[float, int]:
    """Ask a server that takes so many requests in each window, answers at once and says nothing of when it opens.

    Returns:
        When the last prompt was answered, and how many requests were refused.
    """
    server, now_s, refused = Server("http://host/v1", width, 0.0), 0.0, 0
    taken: dict[int, int] = {}
    while prompts:
        if not server.takes(now_s):
            now_s = max(server.opens_s, now_s + 0.001)
            continue
        window = int(now_s / window_s)
        together = min(server.limit, prompts)
        asked_s = now_s
        for _ in range(together):
            if taken.get(window, 0) < most:
                taken[window] = taken.get(window, 0) + 1
                server.accept(now_s)
                prompts -= 1
            else:
                server.refuse(asked_s, now_s, None)
                refused += 1
        now_s += 0.01
    return now_s, refused


@given(st.integers(5, 100), st.floats(1, 90), st.integers(50, 400), st.integers(1, 64))
def test_a_limit_of_rate_that_is_told_to_nobody_is_found_out(
    most: int, window_s: float, prompts: int, width: int
) -> None:
    windows = -(-prompts // most)
    ended_s, refused = finished_s(most, window_s, prompts, width)
    late_s = 1.25 * LONGEST_PAUSE_S + 1
    assert ended_s <= windows * (window_s + late_s)
    # three bursts, then one at a time with pauses that double
    assert refused <= windows * (3 * width + 20)


def test_a_refusal_shuts_a_server_for_longer_each_time_and_requests_sent_together_count_as_one() -> None:
    server = Server("http://host/v1", 8, 0.0)
    pauses_s = []
    for now_s in count(0, 100):
        for _ in range(server.limit):
            server.refuse(float(now_s), float(now_s), None)
        pauses_s.append(server.opens_s - now_s)
        if len(pauses_s) == 12:
            break
    assert pauses_s[:3] == sorted(pauses_s[:3])
    assert max(pauses_s) <= 1.25 * LONGEST_PAUSE_S
    assert (server.refusals, server.limit) == (12, 1)
    limits = []
    for _ in range(5):
        server.accept(5000.0)
        limits.append(server.limit)
    assert limits == [2, 4, 8, 8, 8]


def test_retry_after_is_kept_whatever_else_is_known() -> None:
    server = Server("http://host/v1", 8, 0.0)
    server.refuse(0.0, 0.0, 70.0)
    assert not server.takes(69.9)
    assert server.takes(70.1)


@pytest.mark.parametrize(("begun", "patience_s"), [(False, FIRST_PATIENCE_S), (True, PATIENCE_S)])
def test_patience_lasts_to_its_end_and_is_short_where_nobody_has_answered_yet(
    monkeypatch: pytest.MonkeyPatch, begun: bool, patience_s: float
) -> None:
    clock = SimpleNamespace(now_s=0.0)
    loop = SimpleNamespace(time=lambda: clock.now_s)
    monkeypatch.setattr(asyncio, "get_running_loop", lambda: loop)
    servers = Servers(("http://host/v1",), 1, None, lambda sentence: None, begun)

    def refused_on_and_on() -> None:
        while clock.now_s < 2 * PATIENCE_S:
            servers.refuse(servers.first, clock.now_s, NoReplyError(Kind.AWAY, "no connection"))
            clock.now_s = servers.first.opens_s

    with pytest.raises(EngineError, match=rf"patience ends after {patience_s:.0f} s \(--patience\)"):
        refused_on_and_on()
    assert patience_s <= clock.now_s < patience_s + 1
