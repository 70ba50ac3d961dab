"""Archives in Apache Parquet, by the extra `parquet` (pyarrow): a row a response, its items a list in it.

Laws: rows are written in groups of a limited size, so that memory stays flat. A Parquet file has its directory at its
end: it takes its place when it is closed, whole, and not before. A process that is killed leaves what was there. Who
adds to a file writes all of it anew, group by group.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from importlib import import_module
from typing import Any, BinaryIO, Protocol

from msgspec import Struct
from returns.result import Failure, Result, Success

from ...codecs import ResponseAudit
from .formats import WHOLE, ArchiveDamage, has_content
from .replacing import Replacement
from .rows import ResponseRow, audit_of, joined, named, parts_of, response_row
from .writer import ArchiveWriter

NEEDED = "pyarrow"
"""The package of the extra."""

_MARK = b"puresponse.archive"
_GROUP_BYTES = 8_000_000
"""Bytes of JSON in a row group, at most but for the last row of it."""
_GROUP_ROWS = 2_000
_READ_ROWS = 64

_TYPES = {"background": "bool_", "created_at": "int64"}


class _Table(Protocol):
    def to_pylist(self) -> list[dict[str, Any]]: ...


class _File(Protocol):
    @property
    def schema_arrow(self) -> Any: ...
    def iter_batches(self, batch_size: int, *, columns: list[str] | None = None) -> Iterator[_Table]: ...
    def close(self) -> None: ...


class _Writer(Protocol):
    def write_table(self, table: Any) -> None: ...
    def write_batch(self, batch: Any) -> None: ...
    def close(self) -> None: ...


class _Arrow(Struct, frozen=True):
    """What is used of pyarrow, which has no types of its own."""

    schema: Any
    table: Callable[[list[Mapping[str, Any]]], Any]
    file: Callable[[Any], _File]
    writer: Callable[[BinaryIO], _Writer]
    errors: tuple[type[Exception], ...]


def _arrow() -> _Arrow:
    """Load pyarrow. Raises `ImportError` where it is not installed."""
    try:
        arrow: Any = import_module(NEEDED)
        parquet: Any = import_module(f"{NEEDED}.parquet")
    except ImportError:
        raise ImportError(f"Parquet needs {NEEDED}: pip install 'puresponse[parquet]'", name=NEEDED) from None
    schema: Any = arrow.schema(
        [
            *((name, getattr(arrow, _type_of(name))()) for name in ResponseRow.__struct_fields__),
            ("response", arrow.string()),
            ("input_items", arrow.list_(arrow.string())),
            ("others", arrow.string()),
        ],
        metadata={_MARK: b"1"},
    )

    def table(rows: list[Mapping[str, Any]]) -> Any:
        return arrow.Table.from_pylist(rows, schema=schema)

    def writer(file: BinaryIO) -> _Writer:
        made: _Writer = parquet.ParquetWriter(file, schema, compression="zstd")
        return made

    return _Arrow(schema, table, parquet.ParquetFile, writer, (arrow.ArrowException, OSError, ValueError))


def check_installed() -> None:
    """Raise `ImportError` where the extra is not installed."""
    _arrow()


def _type_of(name: str) -> str:
    is_number = name.rpartition("_")[2] in ("count", "tokens")
    return _TYPES.get(name, "int64" if is_number else "string")


class ParquetWriter(ArchiveWriter):
    """Puts responses into a file that takes its place when it is closed."""

    format = "parquet"

    def __init__(self, path: str) -> None:
        self.path = path
        self._arrow = _arrow()
        self._group: list[Mapping[str, Any]] = []
        self._bytes = 0
        self._ids: set[str] | None = None
        self._replacement: Replacement | None = None
        self._writer: _Writer | None = None
        if has_content(path):
            damage = _damage(path, self._arrow)
            if damage is not None:
                raise ValueError(str(damage))

    def write(self, audit: ResponseAudit) -> None:
        """Put a response with its items into the file."""
        parts, row = parts_of(audit), response_row(audit)
        kept = {"response": parts.response, "input_items": list(parts.input_items), "others": parts.others}
        self._group.append({**named(row), **kept})
        self._bytes += len(parts.response) + sum(map(len, parts.input_items))
        if self._ids is not None:
            self._ids.add(row.id)
        if self._bytes >= _GROUP_BYTES or len(self._group) >= _GROUP_ROWS:
            self.flush()

    def __contains__(self, response_id: object) -> bool:
        if self._ids is None:
            self._ids = {str(row["id"]) for row in self._group}
            if has_content(self.path):
                for batch in _batches(self.path, self._arrow, ["id"]):
                    self._ids.update(row["id"] for row in batch.to_pylist())
        return response_id in self._ids

    def flush(self) -> None:
        """Write the rows that were gathered as a group. The file takes its place when it is closed."""
        rows, self._group, self._bytes = self._group, [], 0
        if rows:
            self._begun().write_table(self._arrow.table(rows))

    def _begun(self) -> _Writer:
        """The writer of the new file, which has all that the old one had."""
        if self._writer is None:
            self._replacement = Replacement(self.path)
            self._writer = self._arrow.writer(self._replacement.file)
            if has_content(self.path):
                for batch in _batches(self.path, self._arrow):
                    self._writer.write_table(self._arrow.table(list(batch.to_pylist())))
        return self._writer

    def close(self) -> None:
        """Write what is left, and put the file into its place."""
        self.flush()
        if self._writer is None and not has_content(self.path):
            self._begun()  # an archive of nothing is an archive
        writer, replacement = self._writer, self._replacement
        self._writer = self._replacement = None
        if writer is None or replacement is None:
            return
        try:
            writer.close()
        except BaseException:
            replacement.give_up()
            raise
        replacement.take_place()


def read_parquet(path: str) -> Generator[Result[ResponseAudit, ArchiveDamage]]:
    """Read the responses of a Parquet file, in the order in which they were written."""
    arrow = _arrow()
    damage = _damage(path, arrow)
    if damage is not None:
        yield Failure(damage)
        return
    number = 0
    try:
        for batch in _batches(path, arrow, ["response", "input_items", "others"]):
            for row in batch.to_pylist():
                number += 1
                yield _read(path, f"row {number}", row)
    except arrow.errors as error:
        reason = " ".join(str(error).split())
        yield Failure(ArchiveDamage(path=path, place=f"row {number + 1} and after", reason=reason))


def _read(path: str, place: str, row: Mapping[str, Any]) -> Result[ResponseAudit, ArchiveDamage]:
    items = row["input_items"]
    if row["response"] is None or items is None or None in items:
        return Failure(ArchiveDamage(path=path, place=place, reason="it has a null where JSON is to be"))
    read = audit_of(joined(row["response"], items, row["others"]))
    if isinstance(read, Success):
        return Success(read.unwrap())
    error = read.failure()
    return Failure(ArchiveDamage(path=path, place=place, reason=f"{error.path}: {error.reason}"))


def _batches(path: str, arrow: _Arrow, columns: list[str] | None = None) -> Iterator[_Table]:
    with open(path, "rb") as file:
        yield from arrow.file(file).iter_batches(_READ_ROWS, columns=columns)


def _damage(path: str, arrow: _Arrow) -> ArchiveDamage | None:
    """Why a file cannot be read as an archive; None where it can, as far as its directory says."""
    try:
        with open(path, "rb") as file:
            schema = arrow.file(file).schema_arrow
    except arrow.errors as error:
        return ArchiveDamage(path=path, place=WHOLE, reason=" ".join(str(error).split()))
    if schema.equals(arrow.schema):
        return None
    missing = [name for name in arrow.schema.names if name not in schema.names]
    what = f"it has no column {', '.join(missing)}" if missing else "its columns are of other types"
    return ArchiveDamage(path=path, place=WHOLE, reason=f"it is no archive of responses: {what}")
