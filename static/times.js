// Times are written in UTC; here the person's own clock is known.
for (const time of document.querySelectorAll("time")) {
  const day = "clock" in time.dataset ? {} : { dateStyle: "long" };
  const style = { ...day, timeStyle: "short" };
  time.textContent = new Date(time.dateTime).toLocaleString(document.documentElement.lang, style);
}
