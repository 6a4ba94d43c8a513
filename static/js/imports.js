// Says that a file is too big before it is sent. Without this the server says so.
const form = document.getElementById("import-form");
const file = form.querySelector("input[type=file]");

file.addEventListener("change", () => {
  const limit = Number(form.dataset.sizeLimit);
  const size = file.files.length ? file.files[0].size : 0;
  const megabytes = (bytes) => (bytes / 1_000_000).toFixed(1).replace(/\.0$/, "");
  file.setCustomValidity(
    size > limit
      ? interpolate(
          gettext("The file has %(size)s MB; at the desk %(limit)s MB are the most. Part it in several files."),
          { size: megabytes(size), limit: megabytes(limit) },
          true,
        )
      : "",
  );
  file.reportValidity();
});
