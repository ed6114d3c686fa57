// The picture of a lab and its lines of text, and what the widgets beside it lack for readers who
// do not see them. The kernel sends all there is to show; here it is only put on the page.

export default { render };

const REST = 400, AGAIN = 1000; // milliseconds

function render({ model, el }) {
  const bar = make("progress", { "aria-label": "진행" });
  const status = make("span", { class: "lab-status", role: "status" });
  const said = make("div", { class: "lab-said" }, status);
  const note = make("div", { class: "lab-note", role: "alert" });
  const image = make("img", { alt: "" });
  const reader = new Reader();
  const picture = make("div", { class: "lab-picture" }, image, ...reader.elements);
  const summary = make("div", { class: "lab-summary", role: "status" });
  let png, resting, asking, watched = [];

  function update() {
    const progress = model.get("progress");
    if (progress) [bar.max, bar.value] = [...progress].reverse();
    if (!progress) bar.remove();
    else if (!bar.parentNode) status.before(bar);
    // What a training says twelve times a second is not to be read out.
    status.ariaLive = progress ? "off" : "polite";
    say(status, model.get("status"));
    say(note, model.get("note") && `⚠ ${model.get("note")}`);
    note.className = `lab-note ${model.get("note_kind")}`;
    say(summary, model.get("summary"));
    summary.classList.toggle("old", model.get("old"));
    image.alt = model.get("summary");
    if (model.get("png") !== png) draw(png = model.get("png"));
    reader.read(model.get("readings"));
  }

  function draw(bytes) {
    // A PNG begins with its size.
    const [width, height] = [16, 20].map((at) => bytes.getUint32(at) / model.get("scale"));
    picture.style.setProperty("--width", width);
    picture.style.setProperty("--height", height);
    const before = image.src;
    image.src = URL.createObjectURL(new Blob([bytes], { type: "image/png" }));
    URL.revokeObjectURL(before);
    rest();
  }

  // Ask for a picture of more pixels once it is at rest, if the screen can show them.
  function rest() {
    clearTimeout(resting);
    resting = setTimeout(() => {
      const seen = image.clientWidth * devicePixelRatio;
      if (seen > 1.1 * image.naturalWidth && model.get("scale") === 1 && !model.get("old"))
        model.send("sharpen");
    }, REST);
  }

  // Say a word to the kernel until it has done what it should: not every front end lets every
  // message through. Ever more rarely, as the kernel may just be busy.
  function ask(word, done, wait = AGAIN) {
    clearTimeout(asking);
    model.send(word);
    asking = setTimeout(() => done() || ask(word, done, 2 * wait), wait);
  }

  // Take the place of the plain picture once there is something to see in its stead.
  function appear(lab) {
    lab.classList.add("lab-runs");
    el.append(said, note, picture, summary);
    ask("seen", () => !lab.querySelector(".lab-plain"));
    enlarged.observe(image);
  }

  const enlarged = new ResizeObserver(rest);

  const arrival = new ResizeObserver(() => {
    const lab = el.closest(".course-lab");
    if (!lab) return;
    arrival.disconnect();
    watched = [naming(lab), hidingTwin(lab)];
    image.addEventListener("load", () => appear(lab), { once: true });
    model.on("change", update);
    if (model.get("png").byteLength) update();
    ask("runs", () => png?.byteLength);
  });
  arrival.observe(el);

  return () => {
    for (const timeout of [resting, asking]) clearTimeout(timeout);
    for (const observer of [arrival, enlarged, ...watched]) observer.disconnect();
    URL.revokeObjectURL(image.src);
  };
}

// Tells what can be read off the picture: the point of a curve that is nearest to the mouse, or
// that the arrow keys have reached. To a screen reader it is a slider along the curve.
class Reader {
  constructor() {
    this.handle = make("div", {
      class: "lab-reader",
      role: "slider",
      tabindex: 0,
      "aria-label": "그림에서 값 읽기 (좌우: 점, 상하: 곡선)",
      "aria-valuemin": 1,
      "aria-valuenow": 1,
    });
    this.dot = make("div", { class: "lab-dot" });
    this.bubble = make("div", { class: "lab-bubble", "aria-hidden": true });
    this.elements = [this.dot, this.bubble, this.handle];
    const listen = (type, listener) => this.handle.addEventListener(type, listener);
    listen("pointermove", (event) => this.tell(this.nearest(event)));
    listen("pointerdown", (event) => this.tell(this.nearest(event)));
    listen("pointerleave", () => this.tell(null));
    listen("focus", () => this.tell(this.here ?? this.points[0]));
    listen("blur", () => this.tell(null));
    listen("keydown", (event) => this.press(event));
    this.read([]);
  }

  // A new picture: what was told of the one before no longer holds.
  read(readings) {
    if (readings === this.readings) return;
    this.readings = readings;
    this.known = null;
    this.handle.hidden = !readings.length;
    this.tell(null);
  }

  // The points of all curves on the picture; made when they are first asked for.
  get points() {
    this.known ??= this.readings
      .flatMap((axes) => axes.curves.map((curve) => ({ axes, curve })))
      .flatMap(({ axes, curve }, number) => placed(axes, curve, number));
    return this.known;
  }

  nearest(event) {
    const { left, top, width, height } = this.handle.getBoundingClientRect();
    const [x, y] = [(event.clientX - left) / width, (event.clientY - top) / height];
    const distance = (point) => Math.hypot((point.x - x) * width, (point.y - y) * height);
    return least(this.points.filter(({ box }) => inside(box, x, y)), distance);
  }

  press(event) {
    const { here = this.points[0] } = this;
    const own = this.points.filter((point) => point.number === here.number);
    const beside = (step) => least(
      this.points.filter((point) => point.number === here.number + step),
      (point) => Math.abs(point.x - here.x),
    );
    const go = {
      ArrowRight: () => own[own.indexOf(here) + 1],
      ArrowLeft: () => own[own.indexOf(here) - 1],
      ArrowDown: () => beside(+1),
      ArrowUp: () => beside(-1),
      Home: () => own[0],
      End: () => own.at(-1),
    }[event.key];
    if (!go) return;
    event.preventDefault();
    event.stopPropagation();
    this.tell(go() ?? here);
  }

  tell(point) {
    this.here = point ?? undefined;
    this.dot.hidden = this.bubble.hidden = !point;
    if (!point) return;
    for (const { style } of [this.dot, this.bubble]) {
      style.left = `${100 * point.x}%`;
      style.top = `${100 * point.y}%`;
    }
    this.bubble.classList.toggle("leftwards", point.x > 0.5);
    this.bubble.classList.toggle("downwards", point.y < 0.25);
    say(this.bubble, point.text);
    put(this.handle, "aria-valuetext", point.text);
    put(this.handle, "aria-valuenow", this.points.indexOf(point) + 1);
    put(this.handle, "aria-valuemax", this.points.length);
  }
}

// The points of a curve that lie inside its axes, each with its place on the picture, 0 … 1.
function placed({ box, x, y, log, xlabel }, { label, points }, number) {
  const values = new Float32Array(points.buffer.slice(points.byteOffset).slice(0, points.byteLength));
  const found = [];
  for (let i = 0; i < values.length; i += 2) {
    const [across, up] = [share(values[i], x, log.includes("x")), share(values[i + 1], y, log.includes("y"))];
    const place = { x: box[0] + box[2] * across, y: box[1] + box[3] * (1 - up) };
    const text = `${xlabel} ${plain(values[i])} · ${label} ${plain(values[i + 1])}`.trim();
    if (inside(box, place.x, place.y)) found.push({ ...place, box, number, text });
  }
  return found;
}

// How far a value is from one limit of its axis to the other, 0 … 1.
function share(value, [low, high], log) {
  const on = log ? Math.log : (number) => number;
  return (on(value) - on(low)) / (on(high) - on(low));
}

function inside([left, top, width, height], x, y) {
  return x >= left && x <= left + width && y >= top && y <= top + height;
}

function plain(value) {
  return String(Number(value.toPrecision(3))).replace("-", "−");
}

function least(things, measure) {
  const sizes = things.map(measure);
  return things[sizes.indexOf(Math.min(...sizes))];
}

// Give sliders the names and values that are written beside them, and groups of buttons theirs;
// again whenever one of them moves. Returns the observer.
function naming(lab) {
  const name = () => {
    for (const knob of lab.querySelectorAll(".widget-slider, .widget-toggle-buttons")) {
      const label = knob.querySelector(".widget-label")?.textContent;
      const handle = knob.querySelector(".noUi-handle");
      if (handle) {
        put(handle, "aria-label", label);
        put(handle, "aria-valuetext", knob.querySelector(".widget-readout").textContent);
      } else {
        put(knob, "role", "group");
        put(knob, "aria-label", label);
        for (const button of knob.querySelectorAll("button"))
          put(button, "aria-pressed", button.classList.contains("mod-active"));
      }
    }
  };
  const observer = new MutationObserver(name);
  const what = { subtree: true, childList: true, characterData: true };
  observer.observe(lab, { ...what, attributeFilter: ["class", "aria-valuetext"] });
  name();
  return observer;
}

// Hide the picture that stands below the lab for those without a kernel. The style sheet does it
// by JupyterLab's class names; elsewhere, it is the output after this one, before the one that
// holds the static style. Returns the observer that waits for it.
function hidingTwin(lab) {
  const observer = new MutationObserver(() => hide());
  const hide = () => {
    const mark = [...document.querySelectorAll(".course-lab-static")].find(
      (mark) => lab.compareDocumentPosition(mark) & Node.DOCUMENT_POSITION_FOLLOWING,
    );
    let output = lab;
    while (mark && !output.parentElement.contains(mark)) output = output.parentElement;
    const [picture, style] = [output.nextElementSibling, output.nextElementSibling?.nextElementSibling];
    if (!mark || !style?.contains(mark) || style.querySelector(".course-lab")) return;
    picture.style.display = style.style.display = "none";
    observer.disconnect();
  };
  if (!lab.closest(".jp-OutputArea-child")) {
    observer.observe(document.body, { subtree: true, childList: true });
    hide();
  }
  return observer;
}

// Elements

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function put(element, attribute, value) {
  if (element.getAttribute(attribute) !== String(value)) element.setAttribute(attribute, value);
}
