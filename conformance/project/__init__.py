"""A checkout: its files, cases, runtimes and ledger, the folders of its runs, its commit."""
