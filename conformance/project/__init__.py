"""What a checkout is: its files, cases, runtimes and ledger, the folders of its runs, and its commit."""
