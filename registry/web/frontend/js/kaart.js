// The map of /kaart: our own shapes on a calm ground; without WebGL the page keeps its list.
const holder = document.getElementById("kaart");
const COLOURS = { signaal: "#b3261e", juridisch_toetsen: "#c77700", onbekend: "#5b6f82" };
const NAMES = { signaal: "signaal", juridisch_toetsen: "juridisch toetsen", onbekend: "nog onbekend", geen: "geen signaal" };
const EMPTY = { type: "FeatureCollection", features: [] };

function ground(address) {
  const plain = { version: 8, sources: {}, layers: [{ id: "grond", type: "background", paint: { "background-color": "#eef1f4" } }] };
  if (!address) return plain;
  if (!address.includes("{z}")) return address;
  plain.sources.achtergrond = { type: "raster", tiles: [address], tileSize: 256, attribution: "Kadaster" };
  plain.layers.push({ id: "achtergrond", type: "raster", source: "achtergrond", paint: { "raster-opacity": 0.7 } });
  return plain;
}

function boxOf(features) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const walk = (part) => {
    if (typeof part[0] !== "number") return part.forEach(walk);
    box[0] = Math.min(box[0], part[0]); box[1] = Math.min(box[1], part[1]);
    box[2] = Math.max(box[2], part[0]); box[3] = Math.max(box[3], part[1]);
  };
  features.forEach((one) => walk(one.geometry.coordinates));
  return Number.isFinite(box[0]) ? [[box[0], box[1]], [box[2], box[3]]] : null;
}

function addLayers(map, areas, dwellings, outcome) {
  map.addSource("gebieden", { type: "geojson", data: areas });
  map.addSource("woningen", { type: "geojson", data: dwellings, maxzoom: 16 });
  map.addLayer({ id: "vlakken", type: "fill", source: "gebieden", paint: { "fill-color": "#ffffff", "fill-opacity": 0.75 } });
  map.addLayer({ id: "randen", type: "line", source: "gebieden", paint: { "line-color": "#8a9aa8", "line-width": 1.5 } });
  const radius = (scale) => ["interpolate", ["exponential", 1.6], ["zoom"], 11, 1.6 * scale, 15, 4 * scale, 18, 9 * scale];
  const grey = ["==", ["get", "u"], "geen"];
  map.addLayer({ id: "rustig", type: "circle", source: "woningen", filter: grey, paint: { "circle-radius": radius(0.8), "circle-color": "#b4bfc9" } });
  map.addLayer({
    id: "opvallend", type: "circle", source: "woningen", filter: outcome ? ["==", ["get", "u"], outcome] : ["!", grey],
    paint: {
      "circle-radius": radius(1.15), "circle-stroke-color": "#ffffff", "circle-stroke-width": 1,
      "circle-color": ["match", ["get", "u"], ...Object.entries(COLOURS).flat(), "#b4bfc9"],
    },
  });
}

function addNames(library, map, areas) {
  for (const area of areas.features) {
    const label = document.createElement("span");
    label.className = "wr-map-name";
    label.textContent = area.properties.naam;
    label.setAttribute("aria-hidden", "true");
    new library.Marker({ element: label }).setLngLat(area.properties.midden).addTo(map);
    for (const name of ["role", "tabindex", "aria-label"]) label.removeAttribute(name);
  }
}

function showDwelling(library, map, event) {
  const { id, u } = event.features[0].properties;
  const link = document.createElement("a");
  link.href = `/woningen/${id}`;
  link.className = "utrecht-link utrecht-link--html-a";
  link.textContent = "Bekijk deze woning";
  const said = document.createElement("p");
  said.textContent = NAMES[u];
  const box = document.createElement("div");
  box.append(said, link);
  new library.Popup({ closeButton: true }).setLngLat(event.features[0].geometry.coordinates).setDOMContent(box).addTo(map);
}

async function draw() {
  const library = await import(holder.dataset.library);
  library.setWorkerUrl(holder.dataset.worker);
  const get = async (address) => (await fetch(address)).json();
  const [areas, dwellings] = await Promise.all([get(holder.dataset.areas), get(holder.dataset.dwellings)]);
  holder.hidden = false;
  const chosen = areas.features.filter((one) => one.properties.code === holder.dataset.area);
  const bounds = boxOf(chosen.length ? chosen : dwellings.features.length ? dwellings.features : areas.features);
  const map = new library.Map({
    container: holder, style: ground(holder.dataset.background), bounds: bounds ?? undefined, fitBoundsOptions: { padding: 32 },
    dragRotate: false, pitchWithRotate: false, touchPitch: false, maxZoom: 19, attributionControl: holder.dataset.background ? {} : false,
    locale: { "Map.Title": "Kaart", "NavigationControl.ZoomIn": "Inzoomen", "NavigationControl.ZoomOut": "Uitzoomen", "Popup.Close": "Sluit" },
  });
  map.addControl(new library.NavigationControl({ showCompass: false }));
  map.addControl(new library.ScaleControl());
  map.touchZoomRotate.disableRotation();
  map.on("load", () => {
    addLayers(map, areas, dwellings ?? EMPTY, holder.dataset.outcome);
    addNames(library, map, areas);
    for (const layer of ["rustig", "opvallend"]) {
      map.on("click", layer, (event) => showDwelling(library, map, event));
      map.on("mouseenter", layer, () => { map.getCanvas().classList.add("wr-map-point"); });
      map.on("mouseleave", layer, () => { map.getCanvas().classList.remove("wr-map-point"); });
    }
    map.once("idle", () => { holder.dataset.drawn = "ja"; });
  });
  document.getElementById("geen-kaart").hidden = true;
}

draw().catch(() => {
  holder.hidden = true;
  document.getElementById("geen-kaart").hidden = false;
});
