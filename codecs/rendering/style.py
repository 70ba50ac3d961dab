"""How documents look, as CSS: in a page of their own, and inside one of somebody else's, such as a notebook's."""

from __future__ import annotations

SHARED = """
.puresponse{--line:color-mix(in srgb,currentColor 22%,transparent);
--soft:color-mix(in srgb,currentColor 6%,transparent);
--quiet:inherit;--link:inherit;--mark:#ffe27a;--call:#0b7285;--said:#2b8a3e;--bad:#c92a2a;--thought:#862e9c;
line-height:1.5;text-align:start;overflow-wrap:anywhere;max-width:60rem}
.puresponse h1{font-size:1.3em;margin:.2em 0}
.puresponse h2{font-size:1.05em;margin:1.4em 0 .5em;border-bottom:1px solid var(--line)}
.puresponse dl{display:grid;grid-template-columns:fit-content(40%) minmax(0,1fr);gap:.1em .9em;margin:.4em 0}
.puresponse dt{color:var(--quiet)}
.puresponse dd{margin:0}
.puresponse details{margin:.5em 0}
.puresponse .block{border:1px solid var(--line);border-inline-start:4px solid var(--line);border-radius:4px;
padding:.3em .7em}
.puresponse .message,.puresponse .image{border-inline-start-color:var(--said)}
.puresponse .call,.puresponse .output,.puresponse .tools{border-inline-start-color:var(--call)}
.puresponse .reasoning{border-inline-start-color:var(--thought)}
.puresponse .error,.puresponse .refusal{border-inline-start-color:var(--bad)}
.puresponse summary{cursor:pointer}
.puresponse summary small{color:var(--quiet);font-size:.85em}
.puresponse summary small span{margin-inline-start:.8em}
.puresponse summary small b{font-weight:inherit}
.puresponse .words{white-space:pre-wrap;margin:.4em 0}
.puresponse .quiet,.puresponse p,.puresponse ol,.puresponse figcaption{color:var(--quiet);margin:.3em 0;
white-space:pre-wrap}
.puresponse .quiet{font-style:italic}
.puresponse ol{padding-inline-start:2.2em}
.puresponse pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--soft);color:inherit;margin:.4em 0;
padding:.5em .7em;
border-radius:4px;font:.9em/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;max-height:34em;overflow:auto}
.puresponse a{color:var(--link);text-decoration:underline}
.puresponse figure{margin:.5em 0}
.puresponse img{max-width:100%;max-height:32rem;border:1px solid var(--line);border-radius:4px}
.puresponse .folded{border-inline-start:2px solid var(--line);padding-inline-start:.7em}
""".strip()
"""Bound to the class around a document, and in the colours of whatever is around that."""

PAGE = """
:root{color-scheme:light dark;--paper:#fff;--ink:#1b1f24}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:60rem;margin:0 auto;padding:.5rem 1rem 4rem}
main .puresponse{--line:#c9d1d9;--soft:#f3f5f7;--quiet:#57606a;--link:#0550ae}
.bar{position:sticky;top:0;background:var(--paper);display:flex;flex-wrap:wrap;gap:.4rem;align-items:center;
padding:.5rem 1rem;border-bottom:1px solid #8b949e;z-index:1}
.bar[hidden]{display:none}
.bar label{flex:1 1 12rem;display:flex;gap:.4rem;align-items:center}
.bar input{flex:1;min-width:0;font:inherit;padding:.25rem .5rem;border:1px solid #6e7781;border-radius:4px;
background:var(--paper);color:var(--ink)}
.bar button{font:inherit;padding:.25rem .6rem;border:1px solid #6e7781;border-radius:4px;background:var(--paper);
color:var(--ink);cursor:pointer}
.bar ::placeholder{color:inherit;opacity:.75}
.bar output{min-width:6em;font-size:.9em}
:focus-visible{outline:3px solid #2f6fde;outline-offset:1px}
mark{background:#ffe27a;color:#1b1f24}
mark.here{background:#ff9d5c}
@media screen{.out,section:not(:has(.block:not(.out))){display:none}}
@media (prefers-color-scheme:dark){
:root{--paper:#14171b;--ink:#e6e9ec}
main .puresponse{--line:#454c54;--soft:#1f242a;--quiet:#a5adb6;--link:#7ab7ff;--call:#4dc3d6;--said:#69c97a;
--bad:#ff8787;--thought:#d59bea}
}
@media (max-width:30rem){.puresponse dl{grid-template-columns:minmax(0,1fr)}.puresponse dd{margin-inline-start:1em}}
@media print{
.bar{display:none}
.puresponse pre{max-height:none}
.puresponse .block{break-inside:auto}
}
""".strip()
"""The page around it: light or dark, as the reader has it; on paper, and on narrow screens."""
