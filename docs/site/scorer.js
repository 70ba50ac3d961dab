// What a search finds first: a public name, the page that does one job, the page of errors; by Sphinx's figures otherwise.

var Scorer = {
  score: ([docname, , , , score]) => score + (/^(how-to\/|reference\/errors$)/.test(docname) ? 12 : 0),
  objNameMatch: 21,
  objPartialMatch: 16,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};
