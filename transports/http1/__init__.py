"""HTTP/1.1 on anybody's connection: where a request goes, its bytes, and the answer that is read out of bytes."""
