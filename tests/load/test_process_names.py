"""The names of processes: the same in every run, so that their figures can be compared."""

import pytest

from conformance.load.processes import process_name


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["/usr/bin/python3.12", "shops/alpha.py", "50731"], "alpha.py"),
        (["python3", "-P", "-m", "shop.server", "up"], "shop.server up"),
        (["node", "serve.js", "127.0.0.1:50731"], "serve.js"),
        (["/opt/shop", "/srv/run-83js/config.yaml"], "shop"),
        (["/srv/shop-50731", "serve"], "shop-N serve"),
        (["/opt/shop", "serve", "50731"], "shop serve"),
        ([""], "a process without a name"),
    ],
)
def test_a_name_without_what_is_made_for_a_run(words: list[str], name: str) -> None:
    """Ports, addresses and folders of a run are in no name; a subcommand is."""
    assert process_name(words) == name
