// F8 darkens the room.
addEventListener("keydown", (event) => {
  if (event.key !== "F8") return;
  event.preventDefault();
  if (!event.repeat) document.querySelector("[data-f8]")?.click();
});
