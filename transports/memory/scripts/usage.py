"""The count of tokens that a script says, completed by what was counted."""

from __future__ import annotations

from ....codecs.lossless.plain import JsonObject


def completed_usage(given: JsonObject | None, counted: JsonObject) -> JsonObject:
    """What is `given`, and what was `counted` where it says nothing; all tokens are the sum of both kinds.

    >>> completed_usage({"output_tokens": 5}, {"input_tokens": 2, "output_tokens": 1, "total_tokens": 3})
    {'input_tokens': 2, 'output_tokens': 5, 'total_tokens': 7}
    """
    if given is None:
        return counted
    usage = {**counted, **given}
    for name in ("input_tokens_details", "output_tokens_details"):
        if name in counted:
            usage[name] = {**counted[name], **given.get(name, {})}
    if "total_tokens" not in given:
        usage["total_tokens"] = usage["input_tokens"] + usage["output_tokens"]
    return usage
