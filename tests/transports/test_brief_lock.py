"""A lock for what takes a moment: one thread at a time has it, and whoever waits has it in the end."""

from __future__ import annotations

from threading import Thread

import pytest

from puresponse.transports.brief_lock import BriefLock


@pytest.mark.usefixtures("hurry")
def test_one_thread_at_a_time_has_it() -> None:
    lock, seen, most = BriefLock(), list[int](), list[int]()

    def work() -> None:
        for _ in range(200):
            with lock:
                seen.append(1)
                most.append(len(seen))
                seen.pop()

    threads = [Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(most), set(most), seen) == (1_600, {1}, [])


def test_it_is_free_again_after_an_exception() -> None:
    lock = BriefLock()
    with pytest.raises(ZeroDivisionError), lock:
        raise ZeroDivisionError
    with lock:
        pass
