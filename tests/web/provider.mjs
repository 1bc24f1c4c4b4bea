// An identity provider for one test: accounts are what somebody types as login, the address is <login>@testdam.nl.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, redirect] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const { default: Provider } = await import(pathToFileURL(require.resolve("oidc-provider")));
const server = createServer((request, response) => handle(request, response));
let handle = (_request, response) => response.end();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{
      client_id: "woonregister", client_secret: "geheim-van-de-test", redirect_uris: [redirect],
      token_endpoint_auth_method: "client_secret_basic",
    }],
    claims: { openid: ["sub"], email: ["email", "email_verified"] },
    conformIdTokenClaims: false,
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@testdam.nl`, email_verified: !id.startsWith("onzeker") }),
    }),
  });
  handle = provider.callback();
  console.log(issuer);
});
