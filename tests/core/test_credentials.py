"""What a credential is: two tables, and that every word of the list is needed for one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puresponse.core import HttpRequest, HttpResponse, credentials
from puresponse.core.credentials import (
    REDACTED,
    hide_in_request,
    hide_in_response,
    hide_pairs,
    names_a_credential,
)

_CREDENTIALS = """
Authorization authorization Proxy-Authorization X-Authorization X-Forwarded-Authorization cf-aig-authorization
x-ms-copy-source-authorization Authentication X-Authentication X-Auth Auth Helicone-Auth X-Authz auth_code
X-Auth-Token X-Auth-Key X-Auth-Email Cookie cookie Cookie2 Set-Cookie Set-Cookie2 cookies sessioncookie JSESSIONID
PHPSESSID sessid api-key API-KEY Api-Key api_key apiKey APIKey APIkey ApiKEY APIKEY apikey api.key apikeys api_keys
X-Api-Key X-ApiKey XApiKey x-apikey x-goog-api-key Helicone-OpenAI-Api-Key x-litellm-api-key DD-API-KEY api-key-1
api_key_v2 hapikey Ocp-Apim-Subscription-Key subscription-key subscriptionkey x-functions-key x-functions-code
functionskey key Key KEY x-key access_key accesskey AWSAccessKeyId awsaccesskeyid secret_key secretkey private_key
privatekey client_key clientkey license_key licensekey account_key accountkey app_key appkey DD-APPLICATION-KEY
authkey consumer_key consumerkey masterkey sharedkey SharedAccessKey session_key sessionkey signingkey userkey
encryptionkey passkey Fastly-Key x-portkey-virtual-key x-ms-encryption-key x-amz-server-side-encryption-customer-key
x-amz-server-side-encryption-customer-key-MD5 key_base64 token Token TOKEN x-token access_token accessToken
accesstoken X-ACCESS-TOKEN ACCESSTOKEN refresh_token id_token idtoken id_token_hint auth_token authtoken session_token
device_token token_v2 token[] token[0] token.value supertoken X-Vault-Token PRIVATE-TOKEN JOB-TOKEN DEPLOY-TOKEN
X-Consul-Token X-Figma-Token X-Plex-Token X-TrackerToken Circle-Token X-Shopify-Access-Token X-Forwarded-Access-Token
X-Amz-Security-Token X-Amzn-Oidc-Accesstoken X-Amzn-Oidc-Data X-MS-TOKEN-AAD-ACCESS-TOKEN X-MS-TOKEN-AAD-ID-TOKEN
cf-access-token CF-Access-Client-Secret X-CSRF-Token X-CSRFToken X-XSRF-TOKEN csrf xsrf csrfmiddlewaretoken
__RequestVerificationToken cf-access-jwt-assertion x-goog-iap-jwt-assertion client_assertion assertion jwt x-jwt
X-Firebase-AppCheck appCheck DPoP bearer x-bearer macaroon secret client_secret clientSecret clientsecret secret_id
X-Webhook-Secret secrets credential X-Amz-Credential credentials password passwd passwords user[password] new_password
pwd userpwd pass pw passphrase passcode X-GitHub-OTP otp totp access-key-id AccessKeyId token_header token_raw
token_b64 codeverifier sig signature Signature X-Amz-Signature x-goog-signature oauth_signature x-webhook-signature
X-Hub-Signature-256 Stripe-Signature X-Slack-Signature SharedAccessSignature x-ms-signature hmac x-hmac sas sas_token
code code_verifier codeVerifier device_code SAMLResponse SAMLRequest SAMLart oauth_token oauth_consumer_key
auth[token] auth[0][accessToken] metadata[api_key] filter[password] AUTH
"""
CREDENTIALS = _CREDENTIALS.split()
"""Headers and query parameters alike."""

_OTHERS = """
Idempotency-Key idempotency_key idempotencyKey X-Idempotency-Key Idempotent-Key idempotency-token
x-ratelimit-limit-tokens x-ratelimit-remaining-tokens x-ratelimit-reset-tokens x-ratelimit-limit-requests
x-ratelimit-remaining-requests anthropic-ratelimit-input-tokens-remaining author authors authority coauthor
authored_by keyword keywords keyed monkey turnkey hockey donkey MONKEY tokenizer tokenize tokens total_tokens
max_output_tokens maxOutputTokens max_tokens input_tokens x-ms-token-count token_count token_type max_token
price_per_token pertoken stop_token eos_token bos_token pad_token first_token last_token special_token min_token
page_token pageToken pagetoken next_page_token nextPageToken nextpagetoken next_token NextToken x-amz-next-token
continuation_token continuationToken x-ms-continuation-token sync_token cursor_token prev_token previous_token
pagination_token resume_token resumption_token skip_token skiptoken delta_token scroll_token start_token page[token]
cursortoken deltatoken firsttoken paginationToken resumptionToken listcursortoken after before limit order stream
starting_after include include[] include_obfuscation model OpenAI-Organization OpenAI-Project openai-project
OpenAI-Beta openai-version openai-processing-ms x-request-id X-Client-Request-Id x-stainless-lang
x-stainless-package-version x-stainless-async x-stainless-retry-count x-stainless-raw-response traceparent tracestate
baggage User-Agent Accept Accept-Encoding Accept-Language Content-Type Content-Encoding Content-Length Host Date ETag
If-None-Match Retry-After retry-after-ms x-should-retry Strict-Transport-Security Content-Security-Policy CF-Ray
api-version X-Api-Version tenant deployment WWW-Authenticate Proxy-Authenticate Access-Control-Allow-Credentials
Access-Control-Allow-Origin Sec-WebSocket-Key prompt_cache_key promptCacheKey cache_key sort_key partition_key
x-ms-documentdb-partitionkey primary_key foreign_key public_key surrogate-key group_key message_key ordering_key
order_key object_key row_key range_key routing_key shard_key index_key lock_key lookup_key unique_key affinity_key
dedup_key deduplication_key filter[key] filters[key] metadata[key] keys key_id api_key_id key-pair-id kid session_id
X-Session-Id Helicone-Session-Id x-session-affinity state nonce pin country_code error_code status_code x[code] codec
encode barcode passthrough bypass compass class secretary cookie_policy cookie_consent auth_type auth_mode
authentication_method auth_scheme auth_provider authorization_url auth_endpoint redirect_auth_uri auth_realm
auth_scope auth_required auth_enabled password_expires password_expiry credential_status password_length
password_protected cookie_count cookie_ttl signature_version signature_algorithm Signature-Input oauth_version
X-Amz-SignedHeaders X-Amz-Date X-Amz-Algorithm X-Amz-Expires signal design designer sigma se sp sv sr webhook-id
webhook-timestamp assert assertive rookie x-1 1 -
"""
OTHERS = _OTHERS.split()


@pytest.mark.parametrize("name", CREDENTIALS)
def test_a_name_that_says_so_is_that_of_a_credential(name: str) -> None:
    assert names_a_credential(name)


@pytest.mark.parametrize("name", ["", *OTHERS])
def test_other_names_are_not_those_of_credentials(name: str) -> None:
    assert not names_a_credential(name)


LISTS: dict[str, Any] = {
    name: vars(credentials)[name]
    for name in (
        "_SECRETS",
        "_WHOLE_WORDS",
        "_ALONE",
        "_PHRASES",
        "_DESCRIBING",
        "_TRAILING",
        "_TOKENS_OF",
        "_KEYS_OF",
        "_RUN_ON_KEYS",
    )
}


@pytest.mark.parametrize(
    ("listed", "entry"), [(listed, entry) for listed, entries in LISTS.items() for entry in entries], ids=str
)
def test_every_entry_of_the_list_is_needed_for_a_name_of_the_tables(
    listed: str, entry: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = LISTS[listed]
    rest = [other for other in entries if other != entry]
    monkeypatch.setattr(credentials, listed, tuple(rest) if isinstance(entries, tuple) else frozenset(rest))
    judged = names_a_credential.__wrapped__
    missed = [name for name in CREDENTIALS if not judged(name)]
    mistaken = [name for name in OTHERS if judged(name)]
    assert missed or mistaken


@pytest.mark.parametrize("cased", [str.upper, str.lower])
def test_the_case_of_a_name_makes_no_difference(cased: Callable[[str], str]) -> None:
    assert [name for name in CREDENTIALS if not names_a_credential(cased(name))] == []
    assert [name for name in OTHERS if names_a_credential(cased(name))] == []


@given(st.text())
def test_any_text_is_a_name(name: str) -> None:
    assert names_a_credential(name) in (True, False)


def test_what_is_shown_of_pairs_are_the_names_and_what_is_no_credential() -> None:
    pairs = (("Accept", "a"), ("Set-Cookie", "b"), ("set-cookie", "c"), ("x", "d"))
    assert hide_pairs(pairs) == (("Accept", "a"), ("Set-Cookie", REDACTED), ("set-cookie", REDACTED), ("x", "d"))


def test_what_holds_no_credential_is_shown_as_it_is() -> None:
    request = HttpRequest("GET", "/x", (("limit", "5"),), (("Accept", "a"),), b"{}")
    response = HttpResponse(status=200, headers=(("x-request-id", "r"),), body=b"{}")
    assert hide_pairs(request.query) is request.query
    assert hide_in_request(request) is request
    assert hide_in_response(response) is response


def test_a_request_that_was_made_by_hand_is_shown_without_its_credentials() -> None:
    request = HttpRequest("GET", "/x", (("api-key", "S"), ("limit", "5")), (("X-Auth-Token", "S"),), b"{}", timeout=3.0)
    shown = HttpRequest(
        "GET", "/x", (("api-key", REDACTED), ("limit", "5")), (("X-Auth-Token", REDACTED),), b"{}", timeout=3.0
    )
    assert hide_in_request(request) == shown


def test_an_answer_is_shown_without_its_cookies() -> None:
    response = HttpResponse(status=200, headers=(("Set-Cookie", "S"), ("date", "d")), body=b"{}")
    assert hide_in_response(response) == HttpResponse(
        status=200, headers=(("Set-Cookie", REDACTED), ("date", "d")), body=b"{}"
    )
