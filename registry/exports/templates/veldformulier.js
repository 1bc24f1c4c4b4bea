"use strict";
(() => {
  const data = JSON.parse(document.getElementById("gegevens").textContent);
  const KEY = `woonregister-lijst-${data.lijst}-${data.vastgelegd}`;
  const MOST_PIXELS = 1280;
  const HANDED_OVER_LATER = 7; // days after the end in which typed input can still be handed over
  const $ = (id) => document.getElementById(id);
  const inside = (visit) => data.binnen.includes(visit.resultaat);

  const day = (moment) => {
    const two = (number) => String(number).padStart(2, "0");
    return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
  };
  const dutch = (iso) => iso.split("-").reverse().join("-");
  const daysUntil = (iso) => Math.round((Date.parse(iso) - Date.parse(day(new Date()))) / 86400000);

  const fresh = () => ({
    toestel: [...crypto.getRandomValues(new Uint8Array(4))].map((one) => one.toString(16).padStart(2, "0")).join(""),
    inspecteur: "", hoedanigheid: "", bezoeken: {}, gewijzigd: false, bewaard: "",
  });
  let keeps = true;
  let state = fresh();
  try {
    const found = localStorage.getItem(KEY);
    if (found) { state = { ...state, ...JSON.parse(found) }; }
  } catch { keeps = false; }

  const keep = () => {
    try { localStorage.setItem(KEY, JSON.stringify(state)); } catch { keeps = false; }
    if ($("niet-bewaard")) { $("niet-bewaard").hidden = keeps; } // gone when the form has ended
  };
  const touch = () => { state.gewijzigd = true; keep(); showCounts(); };

  const make = (tag, values = {}, ...children) => {
    const node = Object.assign(document.createElement(tag), values);
    node.append(...children.filter((child) => child !== null));
    return node;
  };

  const typed = (visit) => Object.entries(visit).some(([name, value]) =>
    !["datum", "tijd"].includes(name) && (Array.isArray(value) ? value.length > 0 : value !== "" && value !== false));
  const visitsOf = (door) => (state.bezoeken[door.nr] ??= [{}]);
  const done = () => data.deuren.flatMap((door) =>
    (state.bezoeken[door.nr] ?? []).map((visit, place) => ({ door, visit, place })).filter((one) => typed(one.visit)));

  // What was typed stays as it was typed; a problem is told here and again, per cell, when the file is read.
  const problem = (field, value) => {
    if (value === "" || value === undefined) { return ""; }
    if (field.kind === "count" && !/^\d{1,3}$/.test(value.trim())) {
      return "Vul één heel getal in van 0 tot en met 999; toelichting hoort bij de opmerkingen.";
    }
    if (field.kind === "number" && !/^\d+([.,]\d+)?$/.test(value.trim())) { return "Vul één getal in, zonder eenheid."; }
    return "";
  };

  let serial = 0;
  const control = (field, holder, changed) => {
    const id = `veld-${serial += 1}`;
    const value = holder[field.key] ?? "";
    const note = make("p", { className: "problem", id: `${id}-probleem`, hidden: true });
    let input;
    if (field.kind === "choice") {
      input = make("select", {}, make("option", { value: "", textContent: "–" }),
        ...field.choices.map(([code, label]) => make("option", { value: code, textContent: label })));
    } else if (field.kind === "long") {
      input = make("textarea", { rows: 3, maxLength: 10000 });
    } else {
      const type = { date: "date", time: "time", yes_no: "checkbox" }[field.kind] ?? "text";
      input = make("input", { type, autocomplete: "off" });
      if (field.kind === "count") { input.inputMode = "numeric"; }
      if (field.kind === "number") { input.inputMode = "decimal"; }
      if (type === "text") { input.maxLength = 2000; }
    }
    input.id = id;
    input.name = field.key;
    if (field.kind === "yes_no") { input.checked = value === true; } else { input.value = value; }
    const check = () => {
      const text = problem(field, holder[field.key]);
      note.textContent = text;
      note.hidden = !text;
      input.setAttribute("aria-invalid", text ? "true" : "false");
    };
    input.addEventListener("input", () => {
      holder[field.key] = field.kind === "yes_no" ? input.checked : input.value;
      check();
      touch();
      changed(field.key);
    });
    const help = field.help ? make("span", { className: "help", id: `${id}-uitleg`, textContent: field.help }) : null;
    input.setAttribute("aria-describedby", help ? `${help.id} ${note.id}` : note.id);
    check();
    const unit = field.unit ? make("span", { className: "unit", textContent: ` (${field.unit})` }) : null;
    const label = field.kind === "yes_no"
      ? make("label", { className: "check", htmlFor: id }, input, field.label)
      : make("label", { htmlFor: id }, field.label, unit);
    const row = make("div", { className: "row" }, label, help, field.kind === "yes_no" ? null : input, note);
    row.dataset.inside = field.inside ? "1" : "";
    return row;
  };

  const parts = (visit, list, fields, title, changed) => {
    const box = make("div");
    const draw = () => {
      box.replaceChildren(...(visit[list] ?? []).map((part, place) => make("div", { className: "part" },
        ...fields.map((field) => control(field, part, changed)),
        make("button", { type: "button", textContent: `${title} weghalen`, onclick: () => {
          visit[list].splice(place, 1); touch(); draw(); } }))),
      make("button", { type: "button", textContent: `${title} toevoegen`, onclick: () => {
        (visit[list] ??= []).push({}); touch(); draw();
        box.querySelector(".part:last-of-type input")?.focus(); } }));
    };
    draw();
    return box;
  };

  const shrink = async (file) => {
    const image = await createImageBitmap(file);
    const scale = Math.min(1, MOST_PIXELS / Math.max(image.width, image.height));
    const canvas = make("canvas", { width: Math.round(image.width * scale), height: Math.round(image.height * scale) });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL("image/jpeg", 0.75); // drawn again: place and time of the camera do not come along
  };

  const photos = (visit) => {
    const box = make("div");
    const said = make("p", { className: "problem", role: "alert" });
    const input = make("input", { type: "file", accept: "image/*", id: `foto-${serial += 1}` });
    input.addEventListener("change", async () => {
      for (const file of input.files) {
        try {
          (visit.fotos ??= []).push({ inhoud: await shrink(file), omschrijving: "" });
          said.textContent = "";
        } catch { said.textContent = "Deze foto is niet te lezen. Neem haar opnieuw."; }
      }
      input.value = "";
      touch();
      if (!keeps) { said.textContent = "Deze foto past niet meer in het geheugen. Bewaar eerst het bestand."; }
      draw();
    });
    const described = { key: "omschrijving", label: "Wat staat op de foto", kind: "text", help: "", unit: "" };
    const shown = make("div");
    const draw = () => shown.replaceChildren(...(visit.fotos ?? []).map((photo, place) => make("div",
      { className: "part photo" }, make("img", { src: photo.inhoud, alt: photo.omschrijving || "Foto bij dit bezoek" }),
      control(described, photo, () => {}),
      make("button", { type: "button", textContent: "Foto weghalen", onclick: () => {
        visit.fotos.splice(place, 1); touch(); draw(); } }))));
    draw();
    box.append(make("label", { htmlFor: input.id }, "Foto toevoegen",
      make("span", { className: "help", textContent: "Mag ontbreken. Geen mensen in beeld." })), input, said, shown);
    return box;
  };

  const form = (door, visit, place) => {
    const body = make("div", { className: "form" });
    if (place > 0) { body.append(make("h3", { textContent: `Bezoek ${place + 1}` })); }
    const adapt = (key) => {
      if (key === "resultaat") {
        const now = new Date();
        const set = (name, value) => {
          if (!visit[name]) { visit[name] = value; body.querySelector(`[name=${name}]`).value = value; }
        };
        set("datum", day(now));
        set("tijd", now.toTimeString().slice(0, 5));
        keep();
      }
      for (const row of body.querySelectorAll(".row")) {
        row.hidden = row.dataset.inside === "1" && !inside(visit) && !row.querySelector("input,select,textarea").value;
      }
      for (const part of body.querySelectorAll("[data-inside-part]")) { part.hidden = !inside(visit); }
    };
    for (const group of [...new Set(data.velden.map((field) => field.group))]) {
      const set = make("fieldset", {}, make("legend", { textContent: group }),
        ...data.velden.filter((field) => field.group === group).map((field) => control(field, visit, adapt)));
      if (group === "Geteld") {
        const rooms = make("div", {}, parts(visit, "ruimten", data.lijsten.ruimten, "Ruimte", () => {}));
        rooms.dataset.insidePart = "1";
        set.append(rooms);
      }
      if (group === "Opgegeven") {
        const people = make("div", {}, parts(visit, "aangetroffen", data.lijsten.aangetroffen, "Persoon", () => {}));
        people.dataset.insidePart = "1";
        set.append(people, parts(visit, "verklaringen", data.lijsten.verklaringen, "Verklaring", () => {}));
      }
      body.append(set);
    }
    const sign = { key: "ondertekend", label: "Ik onderteken dit verslag", kind: "yes_no", help: "", unit: "" };
    body.append(make("fieldset", {}, make("legend", { textContent: "Foto's en ondertekening" }), photos(visit),
      control(sign, visit, () => {})));
    adapt("");
    return body;
  };

  const openDoor = (door, node) => {
    const holder = node.querySelector(".forms");
    const draw = () => holder.replaceChildren(...visitsOf(door).map((visit, place) => form(door, visit, place)),
      make("button", { type: "button", textContent: "Nog een bezoek aan dit adres", onclick: () => {
        visitsOf(door).push({}); touch(); draw(); } }));
    draw();
  };

  const label = (code) => data.velden[0].choices.find(([one]) => one === code)?.[1] ?? code;
  const showCounts = () => {
    const visits = done();
    for (const door of data.deuren) {
      const own = visits.filter((one) => one.door === door);
      const node = document.querySelector(`[data-nr="${door.nr}"] .state`);
      const results = own.map((one) => one.visit.resultaat).filter(Boolean).map(label);
      node.textContent = own.length === 0 ? "nog niet bezocht" : results.join("; ") || "nog zonder resultaat";
      node.className = `state ${own.length === 0 ? "" : results.length === own.length ? "done" : "open"}`;
    }
    const bare = visits.filter((one) => !one.visit.resultaat || !one.visit.datum).length;
    $("stand").textContent = `${visits.length} van ${data.deuren.length} bezocht` +
      (bare ? `; ${bare} zonder resultaat of datum` : "") +
      (state.gewijzigd ? "; nog niet in een bestand bewaard" : state.bewaard ? "; bewaard in een bestand" : "");
    $("bewaar").disabled = visits.length === 0;
    $("leeg").hidden = visits.length === 0;
  };

  const clean = (holder) => Object.fromEntries(Object.entries(holder).filter(([, value]) => value !== "" && value !== false));
  // A list in the form must hold numbers as numbers; a value that is none goes along in words, so that it is not lost.
  const entries = (list, fields, spill) => (list ?? []).map(clean).filter((part) => Object.keys(part).length > 0)
    .map((part) => {
      for (const field of fields.filter((one) => ["count", "number"].includes(one.kind))) {
        const text = part[field.key];
        if (text === undefined) { continue; }
        if (problem(field, text)) { spill.push(`${field.label}: ${text}`); delete part[field.key]; }
        else { part[field.key] = Number(text.trim().replace(",", ".")); }
      }
      for (const field of fields.filter((one) => one.required && part[one.key] === undefined)) {
        part[field.key] = "niet ingevuld";
      }
      return part;
    });
  const exported = () => ({
    formaat: data.formaat, versie: data.versie, lijst: data.lijst,
    bezoeken: done().map(({ door, visit, place }) => {
      const { ondertekend, fotos, ruimten, aangetroffen, verklaringen, ...fields } = visit;
      const spill = [];
      const row = { inspectie: `L${data.lijst}-${door.nr}-${state.toestel}${place ? `-${place + 1}` : ""}`,
        adresseerbaar_object_id: door.id, bewijs: door.bewijzen, lijstdag: data.dag, ...clean(fields),
        inspecteur: state.inspecteur, hoedanigheid: state.hoedanigheid };
      for (const [name, list] of Object.entries({ ruimten, aangetroffen, verklaringen })) {
        const kept = entries(list, data.lijsten[name], spill);
        if (kept.length) { row[name] = kept; }
      }
      if (spill.length) { row.opmerkingen = [row.opmerkingen, ...spill].filter(Boolean).join("; "); }
      if (ondertekend) { Object.assign(row, { ondertekend_door: state.inspecteur, ondertekend_op: day(new Date()) }); }
      if (fotos?.length) { row.fotos = fotos.map(clean); }
      return row;
    }),
  });

  const handOver = () => {
    const name = `bezoeken-lijst-${data.lijst}-${day(new Date())}-${state.toestel}.json`;
    const file = new Blob([JSON.stringify(exported(), null, 1)], { type: "application/json" });
    const link = make("a", { href: URL.createObjectURL(file), download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    Object.assign(state, { gewijzigd: false, bewaard: day(new Date()) });
    keep();
    return name;
  };
  const wipe = () => { try { localStorage.removeItem(KEY); } catch { /* nothing was kept */ } state = fresh(); };

  let ended = false;
  const watch = () => {
    const left = daysUntil(data.vervalt);
    if (left >= 0) {
      $("termijn").textContent = left <= 2
        ? `Let op: dit formulier maakt zich leeg na ${dutch(data.vervalt)}. Bewaar uw bestand voor die dag.` : "";
      $("termijn").hidden = left > 2;
      return;
    }
    if (ended) { return; }
    ended = true;
    const waiting = state.gewijzigd && done().length > 0 && left >= -HANDED_OVER_LATER;
    const box = make("main", {}, make("h1", { textContent: "Dit veldformulier is verlopen" }),
      make("p", { textContent: `Het gold tot en met ${dutch(data.vervalt)} en heeft zich leeggemaakt. Verwijder het bestand van dit toestel.` }));
    if (waiting) {
      box.append(make("p", { className: "note warning",
        textContent: "U typte iets dat nog niet in een bestand staat. Bewaar het nu; daarna is het hier weg." }),
      make("button", { type: "button", className: "main", id: "laatste", textContent: "Bewaar en maak leeg",
        onclick: (event) => { handOver(); wipe(); event.target.remove(); } }));
    } else { wipe(); }
    document.body.replaceChildren(box);
    $("gegevens")?.remove();
  };

  for (const door of data.deuren) {
    const node = document.querySelector(`[data-nr="${door.nr}"]`);
    node.addEventListener("toggle", () => { if (node.open && !node.querySelector(".form")) { openDoor(door, node); } });
  }
  $("zonder-script").hidden = true;
  $("wie").hidden = false;
  $("wie").append(...data.wie.map((field) => control(field, state, () => {})));
  $("bewaar").addEventListener("click", () => {
    const bare = done().filter((one) => !one.visit.resultaat || !one.visit.datum);
    const name = handOver();
    $("gezegd").textContent = `Bewaard als ${name}.` + (bare.length
      ? ` Bij ${bare.map((one) => `adres ${one.door.nr}`).join(", ")} ontbreekt het resultaat of de datum.` : "");
    showCounts();
  });
  $("leeg").addEventListener("click", () => {
    const text = state.gewijzigd ? "Er is invoer die nog niet in een bestand staat. Toch leegmaken?" : "Alle invoer op dit toestel leegmaken?";
    if (window.confirm(text)) { wipe(); window.location.reload(); }
  });
  window.addEventListener("beforeunload", (event) => { if (state.gewijzigd && !keeps) { event.preventDefault(); } });
  document.addEventListener("visibilitychange", watch);
  setInterval(watch, 30000);
  $("niet-bewaard").hidden = keeps;
  $("balk").hidden = false;
  showCounts();
  watch();
})();
