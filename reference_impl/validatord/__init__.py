"""validatord: verdicts on artifacts.

`POST /validate` takes an email, an SMS, a fill proposal or a playbook, tries the rules of its kind
in a fixed order, and answers either that none fails or the first that does, in words that are the
same in every runtime. `POST /iterate` has a model write such an artifact, through chatd, until no
rule fails.
"""
