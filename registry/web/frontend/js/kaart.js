// The map of /kaart: our own shapes on a calm ground; without WebGL the page keeps its list.
const holder = document.getElementById("kaart");
const COLOURS = { signaal: "#b3261e", juridisch_toetsen: "#c77700", onbekend: "#5b6f82" };
const NAMES = { signaal: "signaal", juridisch_toetsen: "juridisch toetsen", onbekend: "nog onbekend", geen: "geen signaal" };
const MOST = 8; // dwellings in a popup

function ground(address) {
  const plain = { version: 8, sources: {}, layers: [{ id: "grond", type: "background", paint: { "background-color": "#eef1f4" } }] };
  if (!address) return plain;
  if (!address.includes("{z}")) return address;
  plain.sources.achtergrond = { type: "raster", tiles: [address], tileSize: 256, attribution: "Kadaster" };
  plain.layers.push({ id: "achtergrond", type: "raster", source: "achtergrond", paint: { "raster-opacity": 0.7 } });
  return plain;
}

function boxOf(feature) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const walk = (part) => {
    if (typeof part[0] !== "number") return part.forEach(walk);
    box[0] = Math.min(box[0], part[0]); box[1] = Math.min(box[1], part[1]);
    box[2] = Math.max(box[2], part[0]); box[3] = Math.max(box[3], part[1]);
  };
  walk(feature.geometry.coordinates);
  return box;
}

function addLayers(map, areas, dwellings, outcome) {
  map.addSource("gebieden", { type: "geojson", data: areas });
  map.addSource("woningen", { type: "geojson", data: dwellings, maxzoom: 16 });
  map.addLayer({ id: "vlakken", type: "fill", source: "gebieden", paint: { "fill-color": "#ffffff", "fill-opacity": 0.75 } });
  map.addLayer({ id: "randen", type: "line", source: "gebieden", paint: { "line-color": "#8a9aa8", "line-width": 1.5 } });
  const radius = (scale) => ["interpolate", ["exponential", 1.6], ["zoom"], 11, 1.6 * scale, 15, 4 * scale, 18, 9 * scale];
  const grey = ["==", ["get", "u"], "geen"];
  // Far away one point stands for those that it covers; from zoom 16 on each dwelling is drawn.
  const seen = ["all", grey, ["<=", ["get", "z"], ["zoom"]]];
  map.addLayer({ id: "rustig", type: "circle", source: "woningen", filter: seen, paint: { "circle-radius": radius(0.8), "circle-color": "#b4bfc9" } });
  map.addLayer({
    id: "opvallend", type: "circle", source: "woningen", filter: outcome ? ["==", ["get", "u"], outcome] : ["!", grey],
    paint: {
      "circle-radius": radius(1.15), "circle-stroke-color": "#ffffff", "circle-stroke-width": 1,
      "circle-color": ["match", ["get", "u"], ...Object.entries(COLOURS).flat(), "#b4bfc9"],
    },
  });
}

function addNames(library, map, areas) {
  const labels = areas.features.map((area) => {
    const label = document.createElement("span");
    label.className = "wr-map-name";
    label.textContent = area.properties.naam;
    label.setAttribute("aria-hidden", "true");
    new library.Marker({ element: label }).setLngLat(area.properties.midden).addTo(map);
    for (const name of ["role", "tabindex", "aria-label"]) label.removeAttribute(name);
    return label;
  });
  const place = () => hideOverlapping(labels);
  map.on("zoomend", place);
  place();
}

// A name that would lie over another is left out until there is room.
function hideOverlapping(labels) {
  const taken = [];
  const boxes = labels.map((label) => label.getBoundingClientRect());
  labels.forEach((label, index) => {
    const box = boxes[index];
    const meets = (other) => box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom;
    const hidden = taken.some(meets);
    label.classList.toggle("wr-map-name--hidden", hidden);
    if (!hidden) taken.push(box);
  });
}

// Flats stand on one spot: the popup names each dwelling that lies there.
function showDwellings(library, map, event) {
  const found = new Map(event.features.map((one) => [one.properties.id, one.properties.u]));
  const list = document.createElement("ul");
  list.className = "wr-map-list-found";
  for (const [id, outcome] of [...found].slice(0, MOST)) {
    const link = document.createElement("a");
    link.href = `/woningen/${id}`;
    link.className = "utrecht-link utrecht-link--html-a";
    link.textContent = found.size > 1 ? `Woning ${id}` : "Bekijk deze woning";
    const item = document.createElement("li");
    item.append(link, document.createElement("br"), NAMES[outcome]);
    list.append(item);
  }
  if (found.size > MOST) {
    const more = document.createElement("li");
    more.textContent = `en nog ${found.size - MOST}: zoom in, of kies uit de lijst`;
    list.append(more);
  }
  new library.Popup({ closeButton: true, maxWidth: "20rem" }).setLngLat(event.features[0].geometry.coordinates).setDOMContent(list).addTo(map);
}

async function draw() {
  const library = await import(holder.dataset.library);
  library.setWorkerUrl(holder.dataset.worker);
  const areas = await (await fetch(holder.dataset.areas)).json();
  holder.hidden = false;
  const chosen = areas.features.find((one) => one.properties.code === holder.dataset.area);
  const bounds = chosen ? boxOf(chosen) : areas.woningen[0] === null ? undefined : areas.woningen;
  const map = new library.Map({
    container: holder, style: ground(holder.dataset.background), bounds, fitBoundsOptions: { padding: 32 },
    dragRotate: false, pitchWithRotate: false, touchPitch: false, maxZoom: 19, attributionControl: holder.dataset.background ? {} : false,
    locale: { "Map.Title": "Kaart", "NavigationControl.ZoomIn": "Inzoomen", "NavigationControl.ZoomOut": "Uitzoomen", "Popup.Close": "Sluit" },
  });
  map.addControl(new library.NavigationControl({ showCompass: false }));
  map.addControl(new library.ScaleControl());
  map.touchZoomRotate.disableRotation();
  map.on("load", () => {
    // The worker of the map fetches the dwellings: the page itself never holds them.
    addLayers(map, areas, new URL(holder.dataset.dwellings, location.href).href, holder.dataset.outcome);
    addNames(library, map, areas);
    map.on("click", (event) => {
      const features = map.queryRenderedFeatures(event.point, { layers: ["opvallend", "rustig"] });
      if (features.length) showDwellings(library, map, { features });
    });
    for (const layer of ["rustig", "opvallend"]) {
      map.on("mouseenter", layer, () => { map.getCanvas().classList.add("wr-map-point"); });
      map.on("mouseleave", layer, () => { map.getCanvas().classList.remove("wr-map-point"); });
    }
    map.once("idle", () => { holder.dataset.drawn = "ja"; });
  });
  map.on("error", (event) => { if (event.sourceId === "woningen") giveUp(); });
  document.getElementById("geen-kaart").hidden = true;
}

function giveUp() {
  holder.hidden = true;
  document.getElementById("geen-kaart").hidden = false;
}

draw().catch(giveUp);
