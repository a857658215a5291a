"""Worker profiles are the same wherever and whenever they are made.

Their phone numbers are not secret numbers.
"""

import sys
from collections import Counter
from importlib import import_module
from pathlib import Path

from reference_impl.validatord.service.text import holds_social_security_number

CASES = Path(__file__).parents[2] / "cases" / "load"
sys.path.insert(0, str(CASES))

profiles = import_module("profiles")  # it lies beside the cases

COUNT = 2_000
WHOLE_LOAD = 100_000  # as the load file says


def test_a_profile_needs_no_other() -> None:
    """Profile 1999 alone is the 2,000th of them all; the digest changes with any."""
    made = list(profiles.profiles(7, COUNT))
    assert made[1_999] == profiles.profile(7, 1_999)
    assert profiles.digest(made) != profiles.digest(made[:-1])
    assert profiles.digest(made) != profiles.digest(profiles.profiles(8, COUNT))


def test_profiles_stay_what_they_are() -> None:
    """An index is kept under their digest, so a change of the rules or tables has to be meant."""
    first = profiles.profile(7, 0)
    assert (
        first.text
        == "forklift operator in Philadelphia, PA: clamp truck and cold storage; days; $25.34 an "
        "hour"
    )
    assert (first.name, first.phone, first.email) == (
        "Linda Walton",
        "555-946-4671",
        "linda.walton.0@example.com",
    )


def test_profiles_are_as_the_tables_say() -> None:
    """Large places have many workers, nurses earn more than packers, and most are active."""
    made = list(profiles.profiles(7, COUNT))
    places = Counter(each.city for each in made)
    assert places["New York"] > places["Albany"]
    wages = {
        role: sorted(each.wage for each in made if each.role == role)
        for role in ("registered nurse", "packer")
    }
    nurse, packer = (wages[role][len(wages[role]) // 2] for role in ("registered nurse", "packer"))
    assert nurse > packer
    assert 0.88 < sum(each.status == "active" for each in made) / COUNT < 0.96
    assert len({each.worker_id for each in made}) == len({each.email for each in made}) == COUNT


def test_no_phone_number_is_taken_for_a_social_security_number() -> None:
    """No phone number of the whole load is read as a social security number; a real one is."""
    numbers = [each.phone for each in profiles.profiles(profiles.SEED, WHOLE_LOAD)]
    taken = [number for number in numbers if holds_social_security_number(f"call {number} today.")]
    assert (len(numbers), len(set(numbers)), taken) == (WHOLE_LOAD, 99_899, [])
    assert holds_social_security_number("call 123-45-6789 today.")
