#!/usr/bin/env node
// An OpenID provider on npm's oidc-provider, with one client and one user: flow-oidc PORT.
import { createServer } from "node:http";
import Provider from "oidc-provider";

const port = Number(process.argv[2]);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: "harness",
    client_secret: "harness-secret",
    grant_types: ["authorization_code", "client_credentials"],
    redirect_uris: ["https://app.example/callback"],
    scope: "openid email orders:read",
  }],
  scopes: ["openid", "orders:read"],
  claims: { openid: ["sub"], email: ["email"] },
  conformIdTokenClaims: false,
  cookies: { keys: ["a key for tests"] },
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    introspection: { enabled: true },
  },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: `${id}@example.com` }),
  }),
  interactions: { url: (_, interaction) => `/login/${interaction.uid}` },
  pkce: { required: () => true },
  routes: {
    authorization: "/authorize",
    introspection: "/introspect",
    token: "/token",
    userinfo: "/userinfo",
  },
});

async function form(request) {
  let text = "";
  for await (const piece of request) text += piece;
  return new URLSearchParams(text);
}

async function login(request, response) {
  const { params } = await provider.interactionDetails(request, response);
  const fields = request.method === "POST" ? await form(request) : new URLSearchParams();
  if (fields.get("password") !== "ann's password") {
    response.writeHead(request.method === "POST" ? 401 : 200, { "content-type": "text/plain" });
    response.end("Log in\n");
    return;
  }
  const accountId = fields.get("user");
  const grant = new provider.Grant({ accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  const result = { login: { accountId }, consent: { grantId: await grant.save() } };
  await provider.interactionFinished(request, response, result);
}

const oauth = provider.callback();
createServer((request, response) => {
  if (!request.url.startsWith("/login/")) return oauth(request, response);
  return login(request, response).catch((error) => {
    response.writeHead(error.status ?? 500, { "content-type": "text/plain" });
    response.end("Bad Request\n");
  });
}).listen(port, "127.0.0.1");
