// What a hand does on a page. Every picture and every sentence was recorded by the course's own
// Python; this script only looks them up: it computes no loss and draws no curve.
"use strict";

(() => {
    const REST = 600; // milliseconds without a move, after which a hand is at rest
    const SMALL = 0.5; // shrunk below this share, the text of a wide picture is too small to read
    const PIXELS = 100 / 72; // to a point, in the size in which a live lab shows its picture
    const MAX_RUNS = 12;

    const all = (root, selector) => [...root.querySelectorAll(selector)];
    const recordingIn = (root) =>
        JSON.parse(root.querySelector(':scope > script[type="application/json"]').textContent);

    // What packed_data of parts.html.j2 has written.
    async function packedRecordingIn(root) {
        const packed = root.querySelector(':scope > script[type="application/zlib"]').textContent;
        const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
        const json = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
        return new Response(json).json();
    }

    // A function that does what it was told last, once the hand rests.
    function atRest() {
        let waiting;
        return (action) => {
            clearTimeout(waiting);
            waiting = setTimeout(action, REST);
        };
    }

    let printing = false;
    addEventListener("beforeprint", () => (printing = true));
    addEventListener("afterprint", () => (printing = false));

    const announcer = document.querySelector(".announcer");
    const announce = (text) => (announcer.textContent = text);

    // ---- Labs

    async function startLab(root) {
        if (!("DecompressionStream" in window)) {
            const note = root.querySelector(".note");
            note.textContent = "⚠ 오래된 브라우저여서 실험이 움직이지 않습니다. 새 버전에서 열어 주세요.";
            note.hidden = false;
            return;
        }
        root.setAttribute("aria-busy", "true");
        const recording = await packedRecordingIn(root);
        root.removeAttribute("aria-busy");
        const picture = root.querySelector(".picture");
        const svg = picture.querySelector("svg");
        const say = root.querySelector(".say");
        const note = root.querySelector(".note");
        const knobs = recording.knobs.map((knob, i) => knobIn(root, i, knob));
        const views = all(root, ".views input");
        const runs = runsOf(recording.name);
        const reader = readerOf(picture, svg);
        const rest = atRest();
        let drawn = []; // the numbers of the pieces in the picture
        let shown = null; // what they show: a frame, its view, wide or narrow

        const view = () =>
            Math.max(
                0,
                views.findIndex((radio) => radio.checked),
            );
        // The number of a setting: its knobs are digits, the last one the lowest.
        const setting = () => knobs.reduce((n, knob) => n * knob.count + knob.at(), 0);

        function sizeFor(at) {
            const { wide, narrow } = recording.views[at].sizes;
            return narrow && !printing && root.clientWidth < SMALL * PIXELS * wide[0]
                ? "narrow"
                : "wide";
        }

        function draw(frame, at) {
            const size = sizeFor(at);
            const [width, height] = recording.views[at].sizes[size];
            svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
            drawn = redraw(svg, recording.pieces, frame[size], drawn);
            picture.classList.toggle("narrow", size === "narrow");
            shown = { frame, at, size };
            reader.follow(frame.axes[size].map((i) => recording.axes[i]));
        }

        function show() {
            const at = view();
            const frame = recording.frames[at][setting()];
            knobs.forEach((knob) => knob.write());
            const warning = frame.error ?? frame.flag;
            note.hidden = !warning;
            note.textContent = warning ? `⚠ ${warning}` : "";
            if (frame.error) {
                // The last good picture stays, with the setting that it belongs to.
                note.textContent += ` 그림의 설정: ${shown.frame.status}`;
                return;
            }
            draw(frame, at);
            say.textContent = frame.say;
            svg.setAttribute("aria-label", frame.say);
        }

        function moved() {
            show();
            rest(() => {
                announce(note.hidden ? say.textContent : note.textContent);
                const { row } = recording.frames[view()][setting()];
                if (row) runs?.add(row);
            });
        }

        root.addEventListener("input", moved);
        root.querySelector(".reset").addEventListener("click", () => {
            knobs.forEach((knob) => knob.reset());
            moved();
        });
        const refit = () => shown.size !== sizeFor(shown.at) && draw(shown.frame, shown.at);
        new ResizeObserver(refit).observe(root);
        addEventListener("beforeprint", refit);
        addEventListener("afterprint", refit);
        show();
    }

    // Put these pieces into a picture; those that already stand in their place stay.
    function redraw(svg, pieces, wanted, before) {
        wanted.forEach((piece, i) => {
            if (piece === before[i]) return;
            const place =
                svg.children[i] ?? svg.appendChild(document.createElementNS(svg.namespaceURI, "g"));
            place.innerHTML = pieces[piece];
        });
        while (svg.children.length > wanted.length) svg.lastElementChild.remove();
        return wanted;
    }

    // A knob of a lab: how many stops it has, at which it stands, and how to move it back.
    function knobIn(root, index, { kind, texts, first }) {
        const inputs = all(root, `[data-knob="${index}"] input`);
        const count = texts.length;
        if (kind === "choice") {
            const at = () => inputs.findIndex((radio) => radio.checked);
            return { count, at, write: () => {}, reset: () => (inputs[first].checked = true) };
        }
        const [slider] = inputs;
        const output = root.querySelector(`[data-knob="${index}"] output`);
        const at = () => Number(slider.value);
        const write = () => {
            output.textContent = texts[at()];
            slider.setAttribute("aria-valuetext", texts[at()]);
            slider.style.setProperty("--share", at() / Math.max(1, count - 1));
        };
        return { count, at, write, reset: () => (slider.value = first) };
    }

    // The table of a lab's runs: where the hand rested there is a row, the newest last. The lowest
    // Valid loss has the ★; too long a table loses its oldest other row.
    function runsOf(name) {
        const root = all(document, "[data-runs]").find((place) => place.dataset.runs === name);
        if (!root) return null;
        const table = root.querySelector("tbody");
        let runs = recordingIn(root).rows;

        function write() {
            const lowest = Math.min(...runs.map((run) => run.loss));
            const rows = runs.map(({ loss, cells }) => {
                const row = document.createElement("tr");
                row.className = loss === lowest ? "best" : "";
                for (const text of [...cells, loss === lowest ? "★" : ""])
                    row.insertCell().textContent = text;
                return row;
            });
            table.replaceChildren(...rows);
        }

        function add(run) {
            runs = [...runs.filter((other) => other.cells[0] !== run.cells[0]), run];
            if (runs.length > MAX_RUNS) {
                const lowest = Math.min(...runs.map((other) => other.loss));
                runs.splice(
                    Math.max(
                        0,
                        runs.findIndex((other) => other.loss > lowest),
                    ),
                    1,
                );
            }
            write();
        }
        return { add };
    }

    // ---- Reading values off a picture

    // Hover, touch or arrow keys say what the labelled curves are at an x. The values are read from
    // the recorded paths with the limits of their axes.
    function readerOf(picture, svg) {
        const pointer = picture.querySelector(".pointer");
        const text = picture.querySelector(".reading");
        let axes = []; // of the frame that is shown
        let charts = null; // the same with their curves; made when first asked for
        let here = null; // which chart is read, and at which of its x: [chart, step]

        function follow(newAxes) {
            axes = newAxes;
            pointer.hidden = !axes.length;
            charts = null;
            if (here) read(...here);
        }

        function read(which, step) {
            charts ??= axes.map((one) => chartOf(one, svg)).filter((chart) => chart.steps.length);
            const chart = charts[Math.min(which, charts.length - 1)];
            if (!chart) return clear();
            here = [charts.indexOf(chart), Math.max(0, Math.min(step, chart.steps.length - 1))];
            const { x, spoken, points } = chart.at(here[1]);
            const { width, height } = svg.viewBox.baseVal;
            const mark = (name, y) => {
                const element = document.createElement("i");
                element.className = name;
                element.style.left = `${(100 * x) / width}%`;
                element.style.top = `${(100 * y) / height}%`;
                return element;
            };
            const hair = mark("hair", chart.top);
            hair.style.height = `${(100 * (chart.bottom - chart.top)) / height}%`;
            pointer.replaceChildren(hair, ...points.map(({ y }) => mark("dot", y)));
            text.textContent = spoken;
            text.classList.toggle("left", x > width / 2);
            text.hidden = false;
            const above = (chart.top / height) * picture.clientHeight - text.offsetHeight;
            text.style.top = `${Math.max(0, above)}px`;
            pointer.setAttribute("aria-valuemax", chart.steps.length - 1);
            pointer.setAttribute("aria-valuenow", here[1]);
            pointer.setAttribute("aria-valuetext", spoken);
        }

        function clear() {
            here = null;
            text.hidden = true;
            pointer.replaceChildren();
        }

        function readAt(event) {
            const { left, top, width, height } = pointer.getBoundingClientRect();
            const [x, y] = [(event.clientX - left) / width, (event.clientY - top) / height];
            if (!here) read(0, 0); // the charts are made
            if (!here) return;
            const away = charts.map((chart) => chart.distance(x, y));
            const which = away.indexOf(Math.min(...away));
            read(which, charts[which].nearest(x));
        }

        const end = 1e9;
        const moves = {
            ArrowRight: ([chart, step]) => [chart, step + 1],
            ArrowLeft: ([chart, step]) => [chart, step - 1],
            PageUp: ([chart, step]) => [chart, step + 10],
            PageDown: ([chart, step]) => [chart, step - 10],
            Home: ([chart]) => [chart, 0],
            End: ([chart]) => [chart, end],
            ArrowDown: ([chart]) => [chart + 1, end],
            ArrowUp: ([chart]) => [Math.max(0, chart - 1), end],
        };
        pointer.addEventListener("keydown", (event) => {
            if (!(event.key in moves)) return;
            event.preventDefault();
            read(...moves[event.key](here ?? [0, end]));
        });
        pointer.addEventListener("focus", () => here ?? read(0, end));
        pointer.addEventListener("blur", clear);
        pointer.addEventListener("pointerdown", readAt);
        pointer.addEventListener("pointermove", readAt);
        pointer.addEventListener("pointerleave", (event) => {
            if (event.pointerType === "mouse" && document.activeElement !== pointer) clear();
        });
        return { follow };
    }

    // One axes with its labelled curves, in the coordinates of the picture.
    function chartOf({ index, box, x, y, log, xlabel, curves }, svg) {
        const { width, height } = svg.viewBox.baseVal;
        const [left, top, right, bottom] = [
            box[0] * width,
            box[1] * height,
            (box[0] + box[2]) * width,
            (box[1] + box[3]) * height,
        ];
        const across = scale([left, right], x, log.includes("x"));
        const up = scale([bottom, top], y, log.includes("y"));
        const lines = curves
            .map(([name, label]) => ({ label, line: lineOf(svg, index, name) }))
            .filter(({ line }) => line.length);
        const steps = stepsOf(lines, across, /epoch|step/i.test(xlabel));

        function at(step) {
            const px = steps[step];
            const points = lines
                .map(({ label, line }) => ({ label, y: heightOf(line, px) }))
                .filter((point) => point.y !== null);
            const values = points.map((point) => `${point.label} ${up.text(point.y)}`);
            // An epoch has no digits behind the point.
            const where = `${xlabel} ${Number(across.text(px))}`;
            return { x: px, points, spoken: [where, ...values].join(" · ") };
        }

        const outside = (value, low, high) => Math.max(low - value, 0, value - high);
        return {
            steps,
            top,
            bottom,
            at,
            distance: (fx, fy) =>
                outside(fx * width, left, right) + outside(fy * height, top, bottom),
            nearest: (fx) => nearestIn(steps, fx * width),
        };
    }

    // From places in a picture to values on an axis and back, and how a value is written.
    function scale([from, to], [low, high], isLog) {
        const [l, h] = isLog ? [Math.log10(low), Math.log10(high)] : [low, high];
        const value = (place) => {
            const v = l + ((place - from) / (to - from)) * (h - l);
            return isLog ? 10 ** v : v;
        };
        const place = (v) => from + (((isLog ? Math.log10(v) : v) - l) / (h - l)) * (to - from);
        const digits = Math.max(0, Math.min(6, 2 - Math.floor(Math.log10(Math.abs(high - low)))));
        const text = (at) =>
            isLog ? String(Number(value(at).toPrecision(2))) : value(at).toFixed(digits);
        return { value, place, text };
    }

    // The points of a curve; in its path each is told from the one before.
    function lineOf(svg, index, name) {
        const path = svg.querySelector(
            `[data-axes="${index}"][data-gid=${JSON.stringify(name)}] path`,
        );
        const numbers = (path?.getAttribute("d").match(/-?\d*\.?\d+/g) ?? []).map(Number);
        let [x, y] = [0, 0];
        return Array.from({ length: numbers.length >> 1 }, (_, i) => {
            [x, y] = [x + numbers[2 * i], y + numbers[2 * i + 1]];
            return [x, y];
        });
    }

    // Where a chart can be read: at whole epochs, else at the points of its curves.
    function stepsOf(lines, across, whole) {
        const places = lines.flatMap(({ line }) => line.map(([px]) => px));
        if (!places.length) return [];
        if (!whole) return [...new Set(places)].sort((a, b) => a - b);
        const first = Math.ceil(across.value(Math.min(...places)) - 0.1);
        const last = Math.floor(across.value(Math.max(...places)) + 0.1);
        return Array.from({ length: last - first + 1 }, (_, i) => across.place(first + i));
    }

    // The y of a line at an x, null beside it.
    function heightOf(line, px) {
        const slack = 0.11; // recorded places are rounded to a tenth
        for (let i = 1; i < line.length; i += 1) {
            const [[x0, y0], [x1, y1]] = [line[i - 1], line[i]];
            if (px < x0 - slack || px > x1 + slack) continue;
            const share = x1 > x0 ? Math.max(0, Math.min(1, (px - x0) / (x1 - x0))) : 1;
            return y0 + share * (y1 - y0);
        }
        return null;
    }

    function nearestIn(places, wanted) {
        const away = places.map((place) => Math.abs(place - wanted));
        return away.indexOf(Math.min(...away));
    }

    // ---- Questions

    // What is chosen stays on this device; where a browser forbids that, while the page is open.
    const memory = {
        read(name) {
            try {
                return localStorage.getItem(`regularization/${name}`);
            } catch {
                return null;
            }
        },
        write(name, text) {
            try {
                if (text === null) localStorage.removeItem(`regularization/${name}`);
                else localStorage.setItem(`regularization/${name}`, text);
            } catch {
                // It is still chosen on the page.
            }
        },
    };

    // The radio buttons of one question: remembered by the text of the option, which outlives a
    // change in their order.
    function choiceIn(root, name, changed) {
        const radios = all(root, "input[type=radio]");
        const textOf = (radio) => radio.closest("label").textContent.trim();
        const chosen = () => radios.findIndex((radio) => radio.checked);
        const before = memory.read(name);
        for (const radio of radios) {
            radio.checked = textOf(radio) === before;
            radio.addEventListener("change", () => {
                memory.write(name, textOf(radio));
                changed();
            });
        }
        const forget = () => {
            radios.forEach((radio) => (radio.checked = false));
            memory.write(name, null);
        };
        return { chosen, forget };
    }

    function startPrediction(root) {
        const { name, notes } = recordingIn(root);
        const note = root.querySelector(".answer");
        const comparisons = all(document, "[data-comparison]")
            .filter((place) => place.dataset.comparison === name)
            .map((place) => ({ place: place.querySelector(".answer"), ...recordingIn(place) }));
        const choice = choiceIn(root, `prediction ${name}`, write);

        function write() {
            const at = choice.chosen();
            note.innerHTML = notes[at < 0 ? 0 : 1];
            for (const { place, lines } of comparisons) place.innerHTML = lines.at(at);
        }
        write();
    }

    function startQuiz(root) {
        const { name, questions, scores } = recordingIn(root);
        const places = all(root, "fieldset");
        const choices = places.map((place, i) =>
            choiceIn(place, `quiz ${name} ${i}`, () => write(i)),
        );

        function write(changed = null) {
            const chosen = choices.map((choice) => choice.chosen());
            places.forEach((place, i) => {
                const line = place.querySelector(".answer");
                line.innerHTML = chosen[i] < 0 ? "" : questions[i].whys[chosen[i]];
                if (i === changed) announce(line.textContent);
            });
            const left = chosen.filter((at) => at < 0).length;
            const right = chosen.filter((at, i) => at === questions[i].right).length;
            root.querySelector(".score").innerHTML = scores[`${left},${right}`];
        }
        root.querySelector(".reset").addEventListener("click", () => {
            choices.forEach((choice) => choice.forget());
            write();
        });
        write();
    }

    // ---- The page around them

    // A link into a folded section opens it.
    function unfold() {
        const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
        for (
            let fold = target?.closest("details");
            fold;
            fold = fold.parentElement.closest("details")
        )
            fold.open = true;
        target?.scrollIntoView();
    }

    // What is folded is printed open.
    function printWhole() {
        let opened = [];
        addEventListener("beforeprint", () => {
            opened = all(document, "main details:not([open])");
            opened.forEach((fold) => (fold.open = true));
        });
        addEventListener("afterprint", () => opened.forEach((fold) => (fold.open = false)));
    }

    // What scrolls sideways can be scrolled by keyboard, too.
    function reachScrolled() {
        const watcher = new ResizeObserver((entries) => {
            for (const { target } of entries) {
                if (target.scrollWidth > target.clientWidth) target.setAttribute("tabindex", "0");
                else target.removeAttribute("tabindex");
            }
        });
        all(document, "main :is(pre, figure, .table, math[display=block])").forEach((one) =>
            watcher.observe(one),
        );
    }

    // The table of contents beside the text shows where one reads.
    function followReading() {
        const links = new Map(
            all(document, ".toc.beside a").map((link) => [link.hash.slice(1), link]),
        );
        const watcher = new IntersectionObserver(
            (entries) => {
                const entry = entries.find((one) => one.isIntersecting);
                const link = entry && links.get(encodeURIComponent(entry.target.id));
                if (!link) return;
                links.forEach((other) => other.removeAttribute("aria-current"));
                link.setAttribute("aria-current", "true");
            },
            { rootMargin: "0px 0px -60% 0px" },
        );
        all(document, "main h2[id]").forEach((heading) => watcher.observe(heading));
    }

    all(document, "[data-lab]").forEach(startLab);
    all(document, "[data-prediction]").forEach(startPrediction);
    all(document, "[data-quiz]").forEach(startQuiz);
    addEventListener("hashchange", unfold);
    if (location.hash) unfold();
    printWhole();
    reachScrolled();
    followReading();
})();
