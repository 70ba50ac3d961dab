"""The transport of a browser: HTTP by JavaScript's `fetch`, under Pyodide."""
