"use strict";
(function () {
  var svg = document.getElementById("graph");
  var find = document.getElementById("find");
  var found = document.getElementById("found");
  var nodes = Array.from(document.querySelectorAll(".node"));
  var links = Array.from(document.querySelectorAll("[data-a]"));
  var chosen = null;

  // What is asked for and its neighbours stay; all else fades.
  function show() {
    var wanted = null;
    var text = find.value.trim().toLowerCase();
    if (chosen) {
      wanted = new Set([chosen.id]);
    } else if (text) {
      wanted = new Set(nodes.filter(function (n) { return n.dataset.text.toLowerCase().includes(text); }).map(function (n) { return n.id; }));
    }
    var near = new Set(wanted || []);
    links.forEach(function (l) {
      var hit = !wanted || wanted.has(l.dataset.a) || wanted.has(l.dataset.b);
      l.classList.toggle("dim", !hit);
      if (wanted && hit) { near.add(l.dataset.a); near.add(l.dataset.b); }
    });
    nodes.forEach(function (n) {
      n.classList.toggle("dim", Boolean(wanted) && !near.has(n.id));
      n.classList.toggle("chosen", n === chosen || Boolean(!chosen && text && wanted.has(n.id)));
      n.setAttribute("aria-pressed", String(n === chosen));
    });
    found.textContent = wanted && !chosen ? wanted.size + " found" : "";
    if (wanted && !chosen && wanted.size > 0) {
      document.getElementById(wanted.values().next().value).scrollIntoView({ block: "center", inline: "center" });
    }
  }

  function choose(node) { chosen = chosen === node ? null : node; show(); }

  nodes.forEach(function (n) {
    n.addEventListener("click", function (e) { e.stopPropagation(); choose(n); });
    n.addEventListener("keydown", function (e) {
      if (e.key === "Enter" || e.key === " ") { e.preventDefault(); choose(n); }
    });
  });
  svg.addEventListener("click", function () { chosen = null; show(); });
  document.addEventListener("keydown", function (e) { if (e.key === "Escape") { chosen = null; find.value = ""; show(); } });
  find.addEventListener("input", function () { chosen = null; show(); });
  document.getElementById("fit").addEventListener("click", function () { svg.classList.remove("actual"); svg.classList.add("fit"); });
  document.getElementById("actual").addEventListener("click", function () { svg.classList.remove("fit"); svg.classList.add("actual"); });
}());
