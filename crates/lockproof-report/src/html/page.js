"use strict";
// Every text reaches the page through textContent, never as markup.
(() => {
    const root = document.documentElement;
    const all = (selector, from = document) => [...from.querySelectorAll(selector)];

    const make = (tag, className, text = "") => {
        const element = document.createElement(tag);
        element.className = className;
        element.textContent = text;
        return element;
    };

    // --- Light and dark

    const remembered = () => {
        try { return localStorage.getItem("lockproof-theme"); } catch { return null; }
    };
    const remember = (theme) => {
        try { localStorage.setItem("lockproof-theme", theme); } catch { /* pages from disk may not */ }
    };

    const chooseTheme = () => {
        const button = document.getElementById("theme");
        const system = matchMedia("(prefers-color-scheme: dark)");
        let chosen = remembered();
        const show = () => {
            const theme = chosen ?? (system.matches ? "dark" : "light");
            if (chosen) root.dataset.theme = chosen;
            button.textContent = theme === "dark" ? "Light theme" : "Dark theme";
            return theme;
        };
        button.hidden = false;
        button.addEventListener("click", () => {
            chosen = show() === "dark" ? "light" : "dark";
            remember(chosen);
            show();
        });
        system.addEventListener("change", show);
        show();
    };

    // --- Tables stay tables where a narrow window lays them out as blocks

    const ROLES = { TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TR: "row", TD: "cell" };

    const keepTables = () => {
        for (const element of all("table, thead, tbody, tr, td, th")) {
            const header = element.scope === "row" ? "rowheader" : "columnheader";
            element.role = ROLES[element.tagName] ?? header;
        }
    };

    // --- The table of models

    const filterModels = () => {
        const filters = document.getElementById("filters");
        if (!filters) return;
        const rows = all(".models tbody tr");
        const buttons = all("[data-end]", filters);
        const find = document.getElementById("find");
        const show = () => {
            const end = buttons.find((button) => button.ariaPressed === "true").dataset.end;
            const wanted = find.value.trim().toLowerCase();
            for (const row of rows) {
                const fits = (!end || row.dataset.end === end)
                    && row.textContent.toLowerCase().includes(wanted);
                row.hidden = !fits;
            }
            document.getElementById("nothing-found").hidden = rows.some((row) => !row.hidden);
        };
        for (const button of buttons) {
            button.addEventListener("click", () => {
                for (const other of buttons) other.ariaPressed = String(other === button);
                show();
            });
        }
        find.addEventListener("input", show);
        filters.hidden = false;
        show();
    };

    const sortModels = () => {
        const headers = all(".models th[aria-sort]");
        const body = document.querySelector(".models tbody");
        const key = (row, column) => row.cells[column].dataset.rank ?? row.cells[column].textContent;
        headers.forEach((header, column) => {
            const button = make("button", "", header.textContent);
            button.type = "button";
            header.replaceChildren(button);
            button.addEventListener("click", () => {
                const ascending = header.ariaSort !== "ascending";
                for (const other of headers) other.ariaSort = "none";
                header.ariaSort = ascending ? "ascending" : "descending";
                const compare = (one, other) => key(one, column).localeCompare(key(other, column));
                const sorted = [...body.rows].sort(compare);
                body.append(...(ascending ? sorted : sorted.reverse()));
            });
        });
    };

    // --- The accounts of models

    const openAccounts = () => {
        const open = () => {
            const target = document.getElementById(location.hash.slice(1))?.closest("details");
            if (!target) return;
            target.open = true;
            target.scrollIntoView();
            target.querySelector("summary").focus({ preventScroll: true });
        };
        addEventListener("hashchange", open);
        open();
        const models = all("details.model");
        addEventListener("beforeprint", () => models.forEach((model) => { model.open = true; }));
    };

    // --- Timelines

    const PHASES = { unborn: "not started", runs: "can go on", waits: "waits", ended: "ended" };
    const BETWEEN_STEPS = 800;

    const startTimeline = (timeline) => {
        const data = JSON.parse(timeline.querySelector("[data-steps]").textContent);
        const stepper = timeline.querySelector("[data-stepper]");
        const part = (name) => stepper.querySelector(`[data-${name}]`);
        const slider = part("slider");
        const scroll = timeline.querySelector(".scroll");
        const rows = all("tr[data-step]", timeline);
        const marks = all("thead .mark", timeline).map((mark) => mark.textContent);
        const last = data.states.length - 1;
        let step = last;
        let lit = null;
        let playing = null;

        const threadName = (index) => {
            const name = make("span", `t${index % 8}`);
            name.append(make("span", "mark", marks[index]), " ", make("strong", "", data.threads[index]));
            return name;
        };

        const place = ({ short, whole }) => {
            const shown = make("span", "place", short);
            shown.title = whole;
            return shown;
        };

        const showEvent = ({ event }) => {
            const now = part("now");
            now.className = event ? `now t${event.thread % 8}` : "now";
            now.replaceChildren();
            if (!event) {
                now.textContent = "Before the first event";
                return;
            }
            now.append(threadName(event.thread), " ", event.text, make("span", "place", event.place.whole));
        };

        const showThreads = ({ threads }) => {
            part("threads").replaceChildren(...threads.map((thread, index) => {
                const block = make("div", "thread");
                const phase = thread.waits ? thread.waits[0] : PHASES[thread.phase];
                block.append(threadName(index), " ", make("span", "phase", phase));
                if (thread.waits) block.append(" ", place(thread.waits[1]));
                const holds = make("ul", "");
                for (const { lock, mode, since } of thread.holds) {
                    const hold = make("li", lock === lit ? "lit" : "", "holds ");
                    hold.append(make("span", "object", data.objects[lock]), ` ${mode} since `);
                    hold.append(place(since));
                    holds.append(hold);
                }
                if (thread.holds.length) block.append(holds);
                return block;
            }));
        };

        const showValues = ({ values }) => {
            const before = new Map(step > 0 ? data.states[step - 1].values : []);
            const list = make("dl", "");
            for (const [object, value] of values) {
                const changed = before.get(object) !== value ? "changed" : "";
                list.append(make("dt", "", data.objects[object]), make("dd", changed, value));
            }
            part("values").replaceChildren(...(values.length ? [list] : []));
        };

        const showRows = () => {
            for (const row of rows) {
                const at = Number(row.dataset.step);
                row.classList.toggle("future", at > step);
                row.classList.toggle("current", at === step);
                if (at === step) row.ariaCurrent = "step";
                else row.removeAttribute("aria-current");
            }
        };

        const keepInSight = () => {
            const row = rows[step - 1];
            if (!row) {
                scroll.scrollTop = 0;
                return;
            }
            const head = timeline.querySelector("thead").getBoundingClientRect().height;
            const inner = scroll.getBoundingClientRect();
            const { top, bottom } = row.getBoundingClientRect();
            if (top < inner.top + head) scroll.scrollTop += top - inner.top - head;
            else if (bottom > inner.bottom) scroll.scrollTop += bottom - inner.bottom + 8;
            const event = row.querySelector(".event").getBoundingClientRect();
            if (event.left < inner.left) scroll.scrollLeft += event.left - inner.left - 24;
            else if (event.right > inner.right) scroll.scrollLeft += event.right - inner.right + 8;
        };

        const show = () => {
            const state = data.states[step];
            slider.value = step;
            slider.ariaValueText = state.event
                ? `${step} of ${last}: ${data.threads[state.event.thread]} ${state.event.text}`
                : `0 of ${last}: before the first event`;
            part("position").textContent = `${step} of ${last}`;
            for (const [name, disabled] of [["first", step === 0], ["back", step === 0],
                ["forward", step === last], ["last", step === last]]) {
                stepper.querySelector(`[data-go="${name}"]`).ariaDisabled = String(disabled);
            }
            showEvent(state);
            showThreads(state);
            showValues(state);
            showRows();
        };

        const go = (to) => {
            step = Math.min(Math.max(to, 0), last);
            show();
            keepInSight();
        };

        const play = (on) => {
            clearInterval(playing);
            playing = null;
            if (on) {
                if (step === last) go(0);
                playing = setInterval(() => {
                    go(step + 1);
                    if (step === last) play(false);
                }, BETWEEN_STEPS);
            }
            const button = stepper.querySelector('[data-go="play"]');
            button.textContent = on ? "Pause" : "Play";
            button.ariaPressed = String(on);
        };

        const actions = {
            first: () => go(0),
            back: () => go(step - 1),
            forward: () => go(step + 1),
            last: () => go(last),
            play: () => play(!playing),
        };
        const keys = { ArrowLeft: "back", ArrowRight: "forward", Home: "first", End: "last", p: "play", P: "play" };

        const light = (object) => {
            lit = object === lit ? null : object;
            for (const button of all("button", part("locks"))) {
                button.ariaPressed = String(Number(button.dataset.object) === lit);
            }
            for (const row of rows) {
                const concerned = lit !== null && Number(row.dataset.object ?? -1) === lit;
                row.classList.toggle("lit", concerned);
                row.classList.toggle("unlit", lit !== null && !concerned);
                for (const lane of all(".lane", row)) {
                    const held = (lane.dataset.holds ?? "").split(" ").includes(String(lit));
                    lane.classList.toggle("lit", held);
                }
            }
            show();
        };

        data.objects.forEach((name, object) => {
            const button = make("button", "", name);
            button.type = "button";
            button.dataset.object = object;
            button.ariaPressed = "false";
            button.addEventListener("click", () => light(object));
            part("locks").append(button);
        });
        for (const button of all("[data-go]", stepper)) {
            button.addEventListener("click", () => {
                if (button.dataset.go !== "play") play(false);
                actions[button.dataset.go]();
            });
        }
        slider.addEventListener("input", () => {
            play(false);
            go(Number(slider.value));
        });
        timeline.addEventListener("keydown", (press) => {
            const action = keys[press.key];
            const isSliders = press.target === slider && action !== "play";
            if (!action || isSliders || press.ctrlKey || press.metaKey || press.altKey) return;
            press.preventDefault();
            if (action !== "play") play(false);
            actions[action]();
        });
        for (const row of rows) {
            row.addEventListener("click", () => {
                play(false);
                go(Number(row.dataset.step));
            });
        }
        timeline.classList.add("stepping");
        stepper.hidden = false;
        show();
    };

    chooseTheme();
    keepTables();
    filterModels();
    sortModels();
    openAccounts();
    all("[data-timeline]").forEach(startTimeline);
})();
