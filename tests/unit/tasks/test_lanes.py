from tasks.lanes import Lanes


def test_no_more_than_so_many_get_a_lane() -> None:
    """Who comes later leaves the request with those that have one."""
    lanes = Lanes(2)

    assert [lanes.ask() for _ in range(3)] == [True, True, False]


def test_a_lane_serves_what_others_left() -> None:
    """Until nothing is left; then the lane is free for the next caller."""
    lanes = Lanes(1)
    lanes.ask()
    lanes.ask()

    assert [lanes.take() for _ in range(3)] == [True, True, False]
    assert lanes.ask()


def test_requests_are_handed_back_only_when_nobody_is_left_to_serve_them() -> None:
    """Another lane goes on with them; the last one gives them to whoever rings."""
    lanes = Lanes(2)
    for _ in range(5):
        lanes.ask()
    lanes.take()

    assert lanes.leave() == 0
    assert lanes.leave() == 4
    assert lanes.ask()
    assert lanes.take()
    assert not lanes.take()
