"""How the page of a search looks: light or dark, as the reader has it, on wide screens and on narrow ones."""

from __future__ import annotations

STYLE = """
:root{color-scheme:light dark;--paper:#fff;--ink:#1b1f24;--quiet:#57606a;--line:#8b949e;--soft:#f3f5f7;
--link:#0550ae;--bad:#b3261e;--wash:#fdecea;--calm:#d0d7de;--one:#f2c94c;--two:#f2994a;--more:#d9480f}
*{box-sizing:border-box}
body{margin:0 auto;max-width:96rem;padding:1rem;background:var(--paper);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;overflow-wrap:anywhere}
h1{font-size:1.3rem;margin:0 0 .3rem}
h2{font-size:1.05rem;margin:1rem 0 .4rem}
p{margin:.3rem 0}
a{color:var(--link)}
.quiet{color:var(--quiet)}
input[name=life]{margin:.5rem .3rem .5rem 0}
input[name=life]+label{margin-inline-end:1rem}
input[name=life]:checked+label{font-weight:600}
main{display:grid;gap:1rem 2rem;grid-template-columns:minmax(0,1fr) minmax(0,1fr)}
main>*{min-width:0}
.why{color:var(--bad);font-weight:600}
.story{list-style:none;margin:.5rem 0;padding:0}
.story li{display:grid;grid-template-columns:3.2rem 4.2rem minmax(0,1fr);gap:.2rem .6rem;padding:.25rem .5rem;
border-inline-start:4px solid var(--calm)}
.story li.fault{border-inline-start-color:var(--bad);background:var(--wash)}
.story .at{color:var(--quiet);font-variant-numeric:tabular-nums}
.graph{overflow:auto;max-height:80vh;border:1px solid var(--line);border-radius:4px;background:var(--soft)}
svg{display:block;font:13px/1 system-ui,-apple-system,"Segoe UI",sans-serif}
svg path{fill:none;stroke:var(--calm);stroke-width:1.2}
svg path.fault{stroke:var(--line);stroke-dasharray:4 3;stroke-opacity:.6}
svg path.walked{stroke:var(--bad);stroke-opacity:1;stroke-width:3;stroke-dasharray:none}
svg path.walked.fault{stroke-dasharray:6 4}
.state circle,.state rect{fill:var(--paper);stroke:var(--line);stroke-width:1.5}
.state.faults-1 circle,.state.faults-1 rect{fill:var(--one)}
.state.faults-2 circle,.state.faults-2 rect{fill:var(--two)}
.state.faults-3 circle,.state.faults-3 rect{fill:var(--more)}
.mark circle,.mark rect{fill:var(--bad);stroke:var(--paper);stroke-width:1.5}
.number{fill:var(--paper);text-anchor:middle;font-weight:600;font-size:11px}
.label{display:none;fill:var(--ink);stroke:var(--soft);stroke-width:5px;paint-order:stroke;pointer-events:none}
.label.before{text-anchor:end}
g:hover>.label,g:focus>.label,g:target>.label{display:inline}
g:focus{outline:none}
g:focus>circle,g:focus>rect,g:target>circle,g:target>rect{stroke:var(--link);stroke-width:4}
g:focus>path{stroke:var(--link)}
:focus-visible{outline:3px solid #2f6fde;outline-offset:1px}
details{margin:.6rem 0}
summary{cursor:pointer}
pre{white-space:pre-wrap;background:var(--soft);padding:.6rem;border-radius:4px;max-height:34rem;overflow:auto;
font:.85em/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
table{border-collapse:collapse}
th,td{text-align:start;vertical-align:top;padding:.15rem .8rem .15rem 0;font-weight:400}
@media (max-width:60rem){main{grid-template-columns:minmax(0,1fr)}}
@media (max-width:30rem){
body{padding:.6rem}
.story li{grid-template-columns:auto minmax(0,1fr)}
.story .text{grid-column:1/-1}
}
@media (prefers-color-scheme:dark){
:root{--paper:#14171b;--ink:#e6e9ec;--quiet:#a5adb6;--line:#7d8590;--soft:#1b2026;--link:#7ab7ff;--bad:#ff8a80;
--wash:#3a1d1d;--calm:#454c54;--one:#8a6d00;--two:#a65a1a;--more:#c2410c}
}
@media print{.graph{max-height:none}}
""".strip()


def choosing(count: int) -> str:
    """What hides the lives that are not chosen, of so many."""
    numbers = range(1, count + 1)
    return "".join(f"\n#life-{number}:not(:checked)~main .life-{number}{{display:none}}" for number in numbers)
