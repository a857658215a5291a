"""The calibration: a rate per second and per second of CPU time, in rounds of all cores at once."""

from conformance.gauntlet.calibration import calibrate, work_rates


def test_rates_are_there() -> None:
    """Three rounds, none of them empty.

    A process alone does about as much in a second of CPU time as in them.
    """
    rounds = calibrate()
    assert len(rounds) == 3
    assert all(each.per_s > 0 and each.per_cpu_s > 0 for each in rounds)
    per_s, per_cpu_s = work_rates(0.05)
    assert 0 < per_s <= per_cpu_s * 1.1
