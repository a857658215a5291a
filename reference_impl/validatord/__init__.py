"""validatord: verdicts on artifacts.

`POST /validate` takes an email, an SMS, a fill proposal or a playbook, and checks the rules of its
kind in a fixed order. It answers that no rule fails, or the first rule that does, in words that are
the same in every runtime. `POST /iterate` lets a model write such an artifact, through chatd, until
no rule fails.
"""
