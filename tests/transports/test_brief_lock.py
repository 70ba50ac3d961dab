"""A lock for what takes a moment: one thread at a time has it, and whoever waits has it in the end."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest

from puresponse.transports.brief_lock import BriefLock


@pytest.mark.usefixtures("hurry")
def test_one_thread_at_a_time_has_it() -> None:
    lock, total, together = BriefLock(), [0], Barrier(8)

    def work() -> None:
        together.wait()
        for _ in range(200):
            with lock:
                before = total[0]
                for _ in range(100):  # long enough for another thread to have its turn
                    pass
                total[0] = before + 1

    threads = [Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert total == [1_600]


def test_it_is_free_again_after_an_exception() -> None:
    lock = BriefLock()
    with pytest.raises(ZeroDivisionError), lock:
        raise ZeroDivisionError
    with lock:
        pass
