// A dropped file goes the same way as a chosen one: the form is sent; here its progress is shown.

export function uploads() {
  for (const form of document.querySelectorAll("form[data-upload]")) wire(form);
}

function wire(form) {
  const input = form.querySelector("input[type=file]");
  const over = (yes) => (e) => {
    e.preventDefault();
    form.classList.toggle("over", yes);
  };
  form.addEventListener("dragover", over(true));
  form.addEventListener("dragleave", over(false));
  form.addEventListener("drop", (e) => {
    over(false)(e);
    if (e.dataTransfer.files.length === 0) return;
    input.files = e.dataTransfer.files;
    form.requestSubmit();
  });
  form.addEventListener("submit", (e) => {
    e.preventDefault();
    send(form);
  });
}

function send(form) {
  const request = new XMLHttpRequest();
  const bar = form.querySelector("progress");
  const cancel = form.querySelector("[data-cancel]");
  const done = () => {
    bar.hidden = cancel.hidden = true;
  };
  bar.hidden = cancel.hidden = false;
  bar.removeAttribute("value");
  cancel.onclick = () => request.abort();
  request.upload.addEventListener("progress", (e) => {
    if (e.lengthComputable) [bar.max, bar.value] = [e.total, e.loaded];
  });
  request.addEventListener("abort", done);
  request.addEventListener("error", () => {
    done();
    form.submit(); // the plain way shows what is wrong
  });
  request.addEventListener("load", () => {
    if (request.status < 400) return location.assign(request.responseURL);
    done();
    const text = new DOMParser().parseFromString(request.responseText, "text/html").querySelector(".form-error, main");
    let note = form.querySelector(".form-error");
    if (!note) {
      note = document.createElement("p");
      note.className = "form-error";
      note.setAttribute("role", "alert");
      form.prepend(note);
    }
    note.textContent = text ? text.textContent.trim() : "The file could not be taken.";
  });
  request.open("POST", form.action);
  request.send(new FormData(form));
}
