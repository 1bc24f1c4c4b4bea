// The order of a list by dragging its rows; the places that are typed stay what is sent.
for (const rows of document.querySelectorAll("[data-sleep]")) {
  rows.closest("table").classList.add("wr-sleepbaar");
  Sortable.create(rows, {
    animation: 120,
    filter: "a, input, button",
    preventOnFilter: false,
    onEnd: () => {
      rows.querySelectorAll('input[name^="plaats-"]').forEach((input, place) => { input.value = place + 1; });
    },
  });
}
