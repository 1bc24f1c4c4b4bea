"""The pages and the API: the only part that speaks HTTP. ``docs/web.md`` says how to add a page."""
