"""The examples of help, by command: what each does, its line, and a part of what it prints; see `guide`."""

from __future__ import annotations

from typing import TypeAlias

Row: TypeAlias = tuple[str, str, str] | tuple[str, str, str, int]

_RECORDED = '{"version":1,"recordings":[{"request":{"method":"GET","path":"/models"},"response":{"status":200}}]}'
_KEEP = ("A run that keeps one.", "puresponse delete resp_chat resp_long --ledger run.db --memory", "run.db")
_MAKE = ("A recording to begin with.", f"echo '{_RECORDED}' > a.json", "")

_SCHEMA = '{"type":"object","properties":{"city":{"type":"string"}}}'
_ITEM = '{"role":"developer","content":"Be brief."}'
_TOOL = '[{"type":"function","name":"get_weather","parameters":{"type":"object"}}]'

EXAMPLES: dict[str, tuple[Row, ...]] = {
    "": (
        (
            "Delete what a file names. After Ctrl-C, or whatever ended it, go on with the second line.",
            "printf 'resp_chat\\nresp_long\\n' > ids.txt\n"
            "puresponse delete --from ids.txt --ledger run.db --memory\n"
            "puresponse delete --ledger run.db --resume --memory",
            "summary",
        ),
        (
            "Those that failed, once more.",
            "puresponse delete --ledger run.db --resume --retry-failed --memory",
            "summary",
        ),
        (
            "Audit: responses with all that they were made from.",
            "puresponse audit --from ids.txt --memory",
            "input_items",
        ),
        (
            "Export, and view it in a browser.",
            "puresponse export --from ids.txt --to all.jsonl --memory\npuresponse show --in all.jsonl --html all.html",
            "all.html",
        ),
        ("Is the key taken, and the base URL right? (Without --memory.)", "puresponse models --memory", "gpt-5-mini"),
    ),
    "delete": (
        ("One.", "puresponse delete resp_chat --memory", "deleted"),
        (
            "Those that a program prints, a line each.",
            "printf 'resp_chat\\nresp_long\\n' | puresponse delete - --memory",
            "resp_long",
        ),
        ("One that may be gone already.", "puresponse delete resp_gone --missing-ok --memory", "already_absent"),
    ),
    "cancel": (
        ("One that runs.", "puresponse cancel resp_in_progress --memory", "cancelled"),
        (
            "One that runs, and one that has ended, which is no failure.",
            "puresponse cancel resp_queued resp_completed_background --memory",
            "already_terminal",
        ),
    ),
    "wait": (
        ("One that has ended already.", "puresponse wait resp_completed_background --memory", "completed"),
        (
            "Make one, and wait for it.",
            "puresponse create Hello. --background --wait --model gpt-5-mini --memory",
            '"status":"completed"',
        ),
    ),
    "audit": (
        ("One, with its five input items.", "puresponse audit resp_chat --memory", "get_weather"),
        (
            "Many, into a file.",
            "printf 'resp_chat\\nresp_long\\n' > ids.txt\n"
            "puresponse audit --from ids.txt --output audit.jsonl --memory",
            "",
        ),
    ),
    "show": (
        ("On the terminal.", "puresponse show resp_chat --memory", "Nineteen degrees"),
        ("In a browser.", "puresponse show resp_chat --html chat.html --memory", "chat.html"),
        (
            "What was exported, without asking anybody.",
            "puresponse export resp_chat --to chat.jsonl --memory\npuresponse show --in chat.jsonl",
            "Nineteen degrees",
        ),
    ),
    "retrieve": (
        ("A table.", "puresponse retrieve resp_chat resp_failed --memory", "failed"),
        (
            "All of it, as JSON in colours.",
            "puresponse retrieve resp_chat --memory --json --color always",
            "Nineteen degrees",
        ),
        (
            "With what the service adds on request.",
            "puresponse retrieve resp_chat --include reasoning.encrypted_content --memory",
            "resp_chat",
        ),
    ),
    "input-items": (
        ("The newest twenty.", "puresponse input-items resp_long --memory", "msg_long_250"),
        (
            "All of them, the oldest first.",
            "puresponse input-items resp_long --all --order asc --memory",
            "msg_long_001",
        ),
        (
            "Two, after another.",
            "puresponse input-items resp_long --after msg_long_200 --limit 2 --memory",
            "Line 199 of 250.",
        ),
    ),
    "list": (
        ("A server without the list says so, as OpenAI does: exit code 9.", "puresponse list --memory", "405", 9),
        ("All that there are, as JSON lines.", "puresponse list --all --json --memory", "405", 9),
    ),
    "create": (
        (
            "Ask, and read the answer.",
            "puresponse create 'Say hello.' --model gpt-5-mini --memory",
            "Say hello.",
        ),
        (
            "What a file says, in the background, and wait for the answer.",
            "echo Hello. > input.txt\n"
            "puresponse create --input-file input.txt --background --wait --model gpt-5-mini --memory",
            '"status":"completed"',
        ),
        (
            "JSON that fits a schema.",
            f"echo '{_SCHEMA}' > city.json\n"
            "puresponse create 'Lyon?' --json-schema city.json --model gpt-5-mini --memory",
            '"name":"city"',
        ),
        (
            "Any other parameter, and what a program prints.",
            "date | puresponse create - --param temperature=0.2 --model gpt-5-mini --memory",
            '"temperature":0.2',
        ),
    ),
    "stream": (
        (
            "Read the answer as it is made.",
            "puresponse stream 'Say hello.' --model gpt-5-mini --memory",
            "Say hello.",
        ),
        (
            "Its events, as JSON lines.",
            "puresponse stream 'Say hello.' --background --model gpt-5-mini --memory",
            "response.completed",
        ),
        (
            "Go on with one that was broken off.",
            "puresponse stream --from resp_completed_background --memory --table",
            "Hello!",
        ),
    ),
    "models": (
        ("All.", "puresponse models --memory", "o4-mini"),
        ("One.", "puresponse models gpt-5-mini --memory", '"id":"gpt-5-mini"'),
    ),
    "count-tokens": (
        ("Of a text.", "puresponse count-tokens 'Say hello.' --model gpt-5-mini --memory", ""),
        (
            "Of what would continue a response.",
            "puresponse count-tokens 'And?' --previous resp_chat --model gpt-5-mini --memory",
            "input_tokens",
        ),
        (
            "With tools.",
            f"echo '{_TOOL}' > tools.json\n"
            "puresponse count-tokens Hello. --tools tools.json --model gpt-5-mini --memory",
            "input_tokens",
        ),
    ),
    "compact": (
        (
            "What came before a response.",
            "puresponse compact --previous resp_chat --model gpt-5-mini --memory",
            "response.compaction",
        ),
        ("A text.", "puresponse compact 'A long story.' --model gpt-5-mini --memory", "compaction"),
    ),
    "conversations": (
        ("Begin one.", "puresponse conversations create 'Hello.' --metadata topic=demo --memory", '"topic":"demo"'),
        ("See what is in one.", "puresponse conversations items conv_weather --memory", "msg_weather_1"),
        (
            "Go on with it.",
            "puresponse create 'And in Paris?' --conversation conv_weather --model gpt-5-mini --memory",
            "conv_weather",
        ),
    ),
    "conversations create": (
        ("With a message.", "puresponse conversations create 'Hello.' --memory", '"id":"conv_'),
        (
            "Empty, with metadata.",
            "puresponse conversations create --metadata topic=demo --memory",
            "topic",
        ),
        (
            "From items.",
            f"echo '{_ITEM}' > items.json\npuresponse conversations create --items items.json --memory",
            '"id":"conv_',
        ),
    ),
    "conversations retrieve": (
        ("A table.", "puresponse conversations retrieve conv_weather --memory", "weather"),
        ("JSON.", "echo conv_weather | puresponse conversations retrieve - --memory", '"topic":"weather"'),
    ),
    "conversations update": (
        (
            "Other metadata.",
            "puresponse conversations update conv_weather --metadata topic=rain --memory",
            '"topic":"rain"',
        ),
        ("None.", "puresponse conversations update conv_weather --clear --memory", '"metadata":{}'),
    ),
    "conversations delete": (
        ("One.", "puresponse conversations delete conv_weather --memory", "deleted"),
        (
            "One that may be gone already.",
            "puresponse conversations delete conv_gone --missing-ok --memory",
            "already_absent",
        ),
    ),
    "conversations items": (
        ("A table of the newest.", "puresponse conversations items conv_weather --memory", "Nineteen degrees"),
        (
            "All, the oldest first.",
            "puresponse conversations items conv_weather --all --order asc --memory",
            "msg_weather_2",
        ),
    ),
    "conversations item": (
        ("One.", "puresponse conversations item conv_weather msg_weather_1 --memory", "How is the weather"),
        (
            "Several.",
            "puresponse conversations item conv_weather msg_weather_1 msg_weather_2 --memory",
            "assistant",
        ),
    ),
    "conversations add-item": (
        ("A message.", "puresponse conversations add-item conv_weather 'And in Paris?' --memory", "And in Paris?"),
        (
            "What a program prints.",
            "date | puresponse conversations add-item conv_weather - --memory",
            "message",
        ),
    ),
    "conversations delete-item": (
        ("One.", "puresponse conversations delete-item conv_weather msg_weather_1 --memory", "conv_weather"),
        (
            "Several.",
            "puresponse conversations delete-item conv_weather msg_weather_1 msg_weather_2 --memory",
            "conv_weather",
        ),
    ),
    "ledger": (
        _KEEP,
        ("What became of them.", "puresponse ledger show run.db", '"done":2'),
        ("Proof that one was deleted.", "puresponse ledger receipt run.db resp_chat", "acknowledged"),
        (
            "Those that failed are asked again.",
            "puresponse delete --ledger run.db --resume --retry-failed --memory",
            "",
        ),
    ),
    "ledger show": (_KEEP, ("How many of each fate.", "puresponse ledger show run.db", '"done":2')),
    "ledger list": (
        _KEEP,
        ("All.", "puresponse ledger list run.db", "resp_long"),
        ("Those that a person has to look into.", "puresponse ledger list run.db --fate unknown", ""),
    ),
    "ledger settle": (
        (
            "A wait that ends at once, and so fails: exit code 11.",
            "puresponse wait resp_queued --deadline 0 --ledger run.db --memory",
            "WaitExpired",
            11,
        ),
        ("It is not to be asked again.", "puresponse ledger settle run.db resp_queued done", '"fate":"done"'),
    ),
    "ledger verify": (
        _KEEP,
        ("Whether it is damaged.", "puresponse ledger verify run.db", "no damage"),
        (
            "Whether it is what it was, by the hash that was kept.",
            "puresponse ledger show run.db | grep -o '[0-9a-f]\\{64\\}' > head.txt\n"
            "puresponse ledger verify run.db --head $(cat head.txt)",
            '"covered":6',
        ),
    ),
    "ledger receipt": (_KEEP, ("Proof of a deletion.", "puresponse ledger receipt run.db resp_chat", "acknowledged")),
    "services": (
        (
            "Those of a file.",
            "printf '[services.try]\\nmemory = true\\n' > c.toml\npuresponse services --config c.toml",
            "try",
        ),
        ("Use one of them.", "puresponse retrieve resp_chat --config c.toml --service try", "resp_chat"),
    ),
    "samples": (
        ("A table.", "puresponse samples", "resp_completed_background"),
        ("Their ids, for other commands.", """puresponse samples | grep -o '^{"id":"[a-z_]*"'""", "resp_chat"),
    ),
    "serve": (
        ("For any client: point its base URL at what is printed.", "puresponse serve --port 0", "http://127.0.0.1:"),
        ("As another server answers.", "puresponse serve --port 0 --dialect ogx", "http://127.0.0.1:"),
        ("What scripts and faults may hold.", "puresponse serve --schema", "$defs"),
    ),
    "record": (
        (
            "What the service in memory answers.",
            "puresponse record --to recorded.json --memory --no-token --port 0",
            "http://127.0.0.1:",
        ),
        ("Replay it.", "puresponse record --to recorded.json --mode none --no-token --port 0", "http://127.0.0.1:"),
    ),
    "cassette": (
        _MAKE,
        ("What is in it.", "puresponse cassette show a.json --table", "GET /models"),
        ("Whether it holds a secret.", "puresponse cassette check a.json", '"problems":[]'),
        ("For a browser.", "puresponse cassette convert a.json a.har", '"to":"har"'),
    ),
    "cassette show": (_MAKE, ("All in it.", "puresponse cassette show a.json --table", "GET /models")),
    "cassette check": (_MAKE, ("All files of a folder.", "puresponse cassette check .", '"problems":[]')),
    "cassette diff": (
        _MAKE,
        ("What was changed since: nothing.", "cp a.json b.json\npuresponse cassette diff a.json b.json", ""),
    ),
    "cassette scrub": (
        _MAKE,
        ("And a member of your own.", "puresponse cassette scrub a.json --member ssn", '"places"'),
    ),
    "cassette convert": (
        _MAKE,
        ("To HAR, by the name.", "puresponse cassette convert a.json a.har", '"to":"har"'),
        ("To VCR.py.", "puresponse cassette convert a.json b.json --to vcr --base-url https://example.com/v1", "vcr"),
    ),
    "cassette list": (_MAKE, ("This folder.", "puresponse cassette list . --table", "a.json")),
    "cassette verify": (
        _MAKE,
        ("Against the service in memory.", "puresponse cassette verify a.json --memory", '"verified":1', 13),
    ),
    "export": (
        (
            "Two responses with all their items.",
            "puresponse export resp_chat resp_long --memory --to a.jsonl",
            "exported",
        ),
        (
            "Go on: what is in the file is passed over.",
            "puresponse export resp_chat resp_failed --memory --to a.jsonl --resume",
            "1 passed over",
        ),
        (
            "A conversation, into a database.",
            "puresponse export resp_chat --memory --follow-chain --to a.sqlite",
            "exported",
        ),
    ),
    "import": (
        ("Two responses to begin with.", "puresponse export resp_chat resp_long --memory --to a.jsonl", "exported"),
        ("See what is in it, and whether it is whole.", "puresponse import a.jsonl", "2 responses of a.jsonl"),
        ("Make a database of it.", "puresponse import a.jsonl --to a.sqlite", "in a.sqlite"),
        (
            "Make a state of it, for `puresponse serve --state`.",
            "puresponse import a.sqlite --state state.json",
            "in state.json",
        ),
    ),
}
"""A path is that of the command below the program. Commands of a path are tried in the same folder, in this order."""
