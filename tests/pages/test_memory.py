"""What a process remembers of what it has read: for whom, and that nobody is given what never came true."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import transaction

from shop import freshness
from shop.freshness import Memory, one_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("remembering")]


@pytest.fixture
def read() -> Callable[[], int]:
    """Answers how many times it has been read."""
    times: list[None] = []

    @freshness.remembered
    def read() -> int:
        times.append(None)
        return len(times)

    return read


def test_requests_that_read_share_what_they_read(read):
    for _request in range(2):
        with one_request(only_reads=True):
            assert (read(), read()) == (1, 1)


def test_who_asks_outside_of_a_request_asks_the_database(read):
    """The worker, a command, a hand at the shell: they act upon what they read."""
    assert (read(), read()) == (1, 2)
    with one_request(only_reads=True):
        assert read() == 3
    assert read() == 4


def test_a_request_that_may_change_something_reads_for_itself_once(read):
    with one_request(only_reads=True):
        assert read() == 1
    with one_request(only_reads=False):
        assert (read(), read()) == (2, 2)
        with one_request(only_reads=True):  # a preview of what it has typed
            assert read() == 2
    with one_request(only_reads=True):
        assert read() == 1


@pytest.mark.parametrize("only_reads", [True, False])
def test_from_its_first_change_on_a_request_reads_anew(only_reads, read):
    with one_request(only_reads=only_reads):
        assert read() == 1
        freshness.changed()
        assert (read(), read()) == (2, 3)
    with one_request(only_reads=False):
        assert (read(), read()) == (4, 4)


@pytest.mark.django_db(transaction=True)
def test_what_is_taken_back_was_never_remembered(read):
    with one_request(only_reads=True), transaction.atomic():
        freshness.changed()
        assert read() == 1
        transaction.set_rollback(True)
    with one_request(only_reads=True):
        assert (read(), read()) == (2, 2)


@pytest.mark.django_db(transaction=True)
def test_the_process_that_changes_something_knows_at_once(read):
    with one_request(only_reads=True):
        assert read() == 1
    with one_request(only_reads=False), transaction.atomic():
        freshness.changed()
    with one_request(only_reads=True):
        assert read() == 2


def test_two_threads_that_find_nothing_both_answer_and_leave_one_answer(remembering):
    met, answers = Barrier(2, timeout=60), []

    @freshness.remembered
    def read() -> object:
        met.wait()  # both have begun before either has read
        return object()

    def ask() -> None:
        with one_request(only_reads=True):
            answers.append(read())

    threads = [Thread(target=ask) for _two in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with one_request(only_reads=True):
        assert read() in answers
    assert len(answers) == 2


def test_a_thread_that_is_late_with_an_older_sign_leaves_nothing_under_the_new_one():
    memory = Memory()
    new = memory.under("new")
    late = memory.under("old")
    late["answer"] = "old"
    assert memory.under("new") == {} == new
