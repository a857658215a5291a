"""Load tests: users go through weighted scenarios, on all cores, and figures are measured."""
