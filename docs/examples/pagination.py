"""All input items of a response: page by page by hand, as a stream, and at once."""

from __future__ import annotations

from puresponse import (
    InputItem,
    MemoryTransport,
    Operation,
    Page,
    Transport,
    all_input_items,
    collect,
    iterate,
    list_input_items,
    run,
    value_or_raise,
)


def by_hand(response_id: str, transport: Transport) -> list[InputItem]:
    """Follow the pages: the next page of a page is an operation, or None."""
    items: list[InputItem] = []
    following: Operation[Page[InputItem]] | None = list_input_items(response_id, limit=100, order="asc")
    while following is not None:
        page: Page[InputItem] = value_or_raise(run(following, transport))
        items += page
        following = page.next_page
    return items


def as_a_stream(response_id: str, transport: Transport) -> int:
    """Count the items, with one page in memory at a time; what broke the stream off would be raised."""
    count = 0
    for _ in iterate(all_input_items(response_id, order="asc"), transport):
        count += 1
    return count


def main() -> None:
    """Get the 250 items of a sample response in three ways."""
    transport = MemoryTransport()
    print(f"by hand: {len(by_hand('resp_long', transport))} items")
    print(f"as a stream: {as_a_stream('resp_long', transport)} items")
    everything = value_or_raise(run(collect(all_input_items("resp_long")), transport))
    print(f"at once: {len(everything)} items")


if __name__ == "__main__":
    main()
