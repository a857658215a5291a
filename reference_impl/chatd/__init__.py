"""chatd: model calls.

`POST /chat` sends a conversation to the provider that its model's name begins with: a deterministic
local one that answers from the context given and needs no network, a small real model where its
packages are installed, or an upstream on the configured allow-list that speaks the OpenAI chat
protocol. `GET /chat/models` lists them.
"""
