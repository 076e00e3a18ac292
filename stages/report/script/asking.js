/* The report's script: asks the charts that stand in the page. What it shows is in the page already,
 * as tables, or in the blocks of data; without it nothing is missing but the asking. */
"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const words = JSON.parse(document.getElementById("words").textContent);
  const THIN = "\u202f";

  /* ---- numbers, moments, elements ---- */

  const grouped = (digits) => digits.replace(/\B(?=(\d{3})+$)/g, THIN);
  const decimal = (value, places) => {
    const [whole, part] = value.toFixed(places).split(".");
    return grouped(whole) + (part ? words.point + part : "");
  };
  const count = (value) => grouped(String(value));
  const offsetAt = (second) => words.offsets[Math.max(0, d3.bisectRight(words.offsets.map((o) => o[0]), second) - 1)][1];
  const local = (second) => new Date((second + offsetAt(second)) * 1000);
  const two = (number) => String(number).padStart(2, "0");
  const clock = (second) => two(local(second).getUTCHours()) + ":" + two(local(second).getUTCMinutes());
  const shortDate = (second) => local(second).getUTCDate() + "\u00a0" + words.months[local(second).getUTCMonth()];
  const fullDate = (second) => shortDate(second) + "\u00a0" + local(second).getUTCFullYear();

  const make = (name, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };
  const button = (text, act, title = "") => {
    const made = make("button", { type: "button", title }, text);
    made.addEventListener("click", act);
    return made;
  };
  const choice = (label, options, act) => {
    const select = make("select", {}, ...options.map(([value, text]) => make("option", { value }, text)));
    select.addEventListener("change", () => act(select.value));
    return make("label", {}, label + " ", select);
  };

  /* ---- tables: as CSV, sorted, reachable ---- */

  const cellText = (cell) => cell.textContent.replace(/\s+/g, " ").trim();
  const plainNumber = (text) => {
    const bare = text.replace(/[\u202f\u00a0 ]/g, "").replace("\u2212", "-").replace(",", ".");
    const found = /^[+-]?\d+(\.\d+)?(%?)$/.exec(bare);
    return found ? (found[2] ? (parseFloat(bare) / 100).toFixed(4) : bare.replace("+", "")) : null;
  };
  const csvField = (text) => {
    const number = plainNumber(text);
    if (number !== null) return number;
    const safe = /^[=+\-@\t]/.test(text) ? "'" + text : text === "\u2013" ? "" : text;
    return /[",\n;]/.test(safe) ? '"' + safe.replace(/"/g, '""') + '"' : safe;
  };
  const tableCsv = (table) => [...table.rows].map((row) => [...row.cells].map((cell) => csvField(cellText(cell))).join(",")).join("\r\n");
  const asFile = (text) => "data:text/csv;charset=utf-8," + encodeURIComponent("\ufeff" + text + "\r\n");

  const download = (name, text, write) => {
    const link = make("a", { download: name, href: "#" }, text);
    const fill = () => { if (link.getAttribute("href") === "#") link.href = asFile(write()); };
    for (const event of ["pointerenter", "focus", "click"]) link.addEventListener(event, fill);
    return link;
  };

  const sortKey = (cell) => {
    const time = cell.querySelector("time"), number = plainNumber(cellText(cell).split("(")[0].trim());
    return time ? time.dateTime : number === null ? cellText(cell) : parseFloat(number);
  };
  const compareKeys = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b
    : typeof a === typeof b ? String(a).localeCompare(String(b), words.lang) : typeof a === "number" ? 1 : -1);
  const sortBy = (table, head, column) => {
    const down = head.getAttribute("aria-sort") !== "descending";
    const rows = [...table.tBodies[0].rows].map((row) => [sortKey(row.cells[column]), row]);
    rows.sort((a, b) => compareKeys(a[0], b[0]) * (down ? -1 : 1));
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    table.tBodies[0].append(...rows.map((row) => row[1]));
  };
  for (const table of all("table.sorts"))
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const sort = button(head.textContent, () => sortBy(table, head, column), words.sort);
      head.replaceChildren(sort);
    });

  const reachable = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const caption = target.querySelector("caption");
      if (target.scrollWidth > target.clientWidth + 1) {
        target.tabIndex = 0;
        target.setAttribute("role", "group");
        target.setAttribute("aria-label", caption ? cellText(caption) : words.table);
      } else for (const name of ["tabindex", "role", "aria-label"]) target.removeAttribute(name);
    }
  });
  all(".scroll").forEach((region) => reachable.observe(region));

  /* ---- the data of a brand ---- */

  const unpack = async (packed) => {
    const bytes = Uint8Array.from(atob(packed), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  };
  const readSeries = (bytes) => {
    let at = 0;
    const number = () => {
      let value = 0, scale = 1, byte;
      do {
        byte = bytes[at++];
        value += (byte & 127) * scale;
        scale *= 128;
      } while (byte > 127);
      return value;
    };
    return {
      counts: (length) => Float64Array.from({ length }, number),
      more: () => at < bytes.length,
      changes(length) {
        let now = 0;
        return Float64Array.from({ length }, () => {
          const change = number();
          now += change % 2 ? -(change + 1) / 2 : change / 2;
          return now ? (now - 1) / 4 : NaN;
        });
      },
    };
  };
  const loaded = new Map();
  const load = (brand) => {
    if (!loaded.has(brand)) loaded.set(brand, (async () => {
      const data = JSON.parse(document.getElementById("d" + brand).textContent);
      const series = readSeries(await unpack(data.series));
      const four = (length) => [0, 1, 2, 3].map(() => series.counts(length));
      data.expected = series.changes(data.hours);
      const sums = data.byHour ? null : four(data.hours);
      data.parts = data.channels.map(() => (series.more() ? four(data.byHour ? data.hours : data.days) : null));
      data.sums = sums || [0, 1, 2, 3].map((kind) => Float64Array.from({ length: data.hours }, (_, hour) => data.parts.reduce((sum, part) => sum + (part ? part[kind][hour] : 0), 0)));
      data.dayFrom = [data.from];
      for (let hour = 1; hour < data.hours; hour++) {
        const second = data.from + hour * 3600;
        if ((second + offsetAt(second)) % 86400 < 3600) data.dayFrom.push(second);
      }
      data.dayFrom.push(data.from + data.hours * 3600);
      return data;
    })());
    return loaded.get(brand);
  };

  /* Buckets of [from, to): hours when few, else local days; thinned to `room` by the busiest. */
  const buckets = (data, state, from, to, room) => {
    const part = state.channel === "" ? null : data.parts[state.channel];
    const source = part || data.sums, kinds = state.sentiment === "" ? [0, 1, 2, 3] : [+state.sentiment];
    const hourly = (to - from) / 3600 <= 504 && (!part || data.byHour);
    const days = data.dayFrom.length - 1, list = [];
    const first = hourly ? Math.max(0, Math.floor((from - data.from) / 3600)) : Math.max(0, d3.bisectRight(data.dayFrom, from) - 1);
    const sum = (array, low, high) => { let s = 0; for (let i = low; i < high; i++) s += array[i]; return s; };
    let low = hourly ? 0 : Math.round((data.dayFrom[first] - data.from) / 3600);
    for (let i = first; i < (hourly ? data.hours : days); i++) {
      const start = hourly ? data.from + i * 3600 : data.dayFrom[i];
      const end = hourly ? start + 3600 : data.dayFrom[i + 1];
      if (start >= to) break;
      const high = hourly ? i + 1 : Math.round((end - data.from) / 3600);
      const [a, b] = hourly ? [i, i + 1] : part && !data.byHour ? [i, i + 1] : [low, high];
      list.push({
        start, end,
        mentions: kinds.reduce((s, kind) => s + sum(source[kind], a, b), 0),
        negative: kinds.includes(0) ? sum(source[0], a, b) : 0,
        expected: part || kinds.length < 4 ? NaN : sum(data.expected, hourly ? i : low, high),
      });
      low = high;
    }
    const merge = Math.ceil(list.length / room), thin = [];
    for (let i = 0; i < list.length; i += merge) {
      const group = list.slice(i, i + merge);
      const busiest = group.reduce((x, y) => (y.mentions > x.mentions ? y : x));
      thin.push({ ...busiest, start: group[0].start, end: group.at(-1).end, of: merge > 1 ? busiest.start : null });
    }
    return Object.assign(thin, { hourly });
  };

  /* ---- a read-out that pointer and keys share ---- */

  const visible = (plot) => all("svg.chart", plot).find((svg) => svg.getBoundingClientRect().width > 0) || plot.querySelector("svg.chart");
  const scalesOf = (svg) => {
    const marks = svg.querySelector(".scales");
    const [left, top, width, height] = marks.dataset.plot.split(" ").map(Number);
    const [from, to] = marks.dataset.span.split(" ").map(Number);
    return { left, top, width, height, from, to, max: +marks.dataset.max };
  };
  const cursor = (svg, x, scales) => {
    let line = svg.querySelector(".cursor");
    if (!line) {
      line = document.createElementNS("http://www.w3.org/2000/svg", "path");
      line.setAttribute("class", "cursor");
      svg.append(line);
    }
    line.setAttribute("d", x === null ? "" : `M${x} ${scales.top}v${scales.height}`);
  };
  let hinted = false;
  const readable = (figure, plot, hint) => {
    const output = make("output", { className: "readout" });
    output.setAttribute("aria-live", "polite");
    output.textContent = hinted ? "" : hint; // once is enough for the eye; who listens hears it at each
    hinted = true;
    plot.before(output);
    plot.tabIndex = 0;
    plot.setAttribute("role", "slider");
    plot.setAttribute("aria-labelledby", figure.querySelector(".title").id);
    plot.setAttribute("aria-valuemin", 0);
    plot.setAttribute("aria-valuenow", 0);
    plot.setAttribute("aria-valuetext", hint);
    return (text, now, max) => {
      output.textContent = text;
      plot.setAttribute("aria-valuemax", max);
      plot.setAttribute("aria-valuenow", now);
      plot.setAttribute("aria-valuetext", text || hint);
    };
  };
  const onKeys = (plot, acts) => plot.addEventListener("keydown", (event) => {
    const act = acts[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    act();
    event.preventDefault();
  });
  const goTo = (id) => {
    if (document.getElementById(id)) location.hash = id;
  };
  const nearestPost = (article, second) => {
    let best = null;
    for (const post of all("li[data-at]:not([hidden])", article))
      if (!best || Math.abs(post.dataset.at - second) < Math.abs(best.dataset.at - second)) best = post;
    return best;
  };
  const showPost = (post) => {
    all(".found").forEach((old) => old.classList.remove("found"));
    post.classList.add("found");
    post.tabIndex = -1;
    post.focus({ preventScroll: true });
    post.scrollIntoView({ block: "center" });
  };

  /* ---- mentions over time ---- */

  const timeFigure = (figure, plot) => {
    const brand = plot.dataset.brand;
    if (!document.getElementById("d" + brand)) return;
    const state = { channel: "", sentiment: "", root: false, domain: null, list: null, at: 0 };
    const say = readable(figure, plot, words.hint);
    const kept = new Map();
    let data = null;

    const shown = () => state.domain || [scalesOf(visible(plot)).from, scalesOf(visible(plot)).to];
    const plain = () => !state.domain && !state.root && state.channel === "" && state.sentiment === "";
    const refresh = () => {
      const [from, to] = shown(), scales = scalesOf(visible(plot));
      state.list = buckets(data, state, from, to, Math.round(scales.width));
      state.at = Math.min(state.at, state.list.length - 1);
      draw();
    };
    const xScale = (scales) => d3.scaleLinear().domain(shown()).range([scales.left, scales.left + scales.width]).clamp(true);

    const keep = (svg) => {
      if (!kept.has(svg)) kept.set(svg, all(".series,.values,.time,.marks", svg).map((g) => [g, [...g.childNodes]]));
      return kept.get(svg);
    };
    const draw = () => {
      const svg = visible(plot), scales = scalesOf(svg);
      keep(svg);
      cursor(svg, null, scales);
      if (plain()) {
        for (const parts of kept.values()) for (const [group, nodes] of parts) group.replaceChildren(...nodes);
        return;
      }
      const x = xScale(scales), most = Math.max(4, ...state.list.map((b) => Math.max(b.mentions, b.expected || 0)));
      const lift = (value) => (state.root ? Math.sqrt(value) : value);
      const y = d3.scaleLinear().domain([0, lift(most)]).range([scales.top + scales.height, scales.top]);
      const steps = (key) => "M" + x(state.list[0].start) + " " + y(0) + state.list.map((b) => "V" + y(lift(b[key])).toFixed(1) + "H" + x(b.end).toFixed(1)).join("") + "V" + y(0) + "Z";
      const line = state.list.filter((b) => b.expected >= 0).map((b, i) => (i ? "L" : "M") + x((b.start + b.end) / 2).toFixed(1) + " " + y(lift(b.expected)).toFixed(1)).join("");
      const paint = (selector, rows, name, set) => d3.select(svg).select(selector).selectAll("*").remove() && d3.select(svg).select(selector).selectAll(name).data(rows).join(name).call(set);
      all(".marks", svg).forEach((group) => group.replaceChildren());
      paint(".marks", data.events.filter((e) => e[1] > shown()[0] && e[0] < shown()[1]), "rect", (s) => s
        .attr("class", (e) => "veil " + e[2]).attr("x", (e) => x(e[0])).attr("width", (e) => Math.max(2.5, x(e[1]) - x(e[0])))
        .attr("y", scales.top).attr("height", scales.height));
      paint(".series", state.list.length ? [["mentions", steps("mentions")], ["negative", steps("negative")], ["baseline", line]] : [], "path", (s) => s.attr("class", (d) => d[0]).attr("d", (d) => d[1]));
      const ticks = (state.root ? d3.scaleLinear().domain([0, Math.sqrt(most)]).ticks(4).map((v) => Math.round(v * v)) : y.ticks(4)).filter((v, i, list) => v === Math.floor(v) && list.indexOf(v) === i);
      paint(".values", ticks, "path", (s) => s.attr("class", (v) => (v ? "rule" : "zero")).attr("d", (v) => `M${scales.left} ${y(lift(v))}h${scales.width}`));
      d3.select(svg).select(".values").selectAll("text").data(ticks).join("text").attr("class", "axis end").attr("x", scales.left - 8).attr("y", (v) => y(lift(v)) + 4).text(count);
      d3.select(svg).select(".values").append("text").attr("class", "axis").attr("y", 12).text((state.list.hourly ? words.anHour : words.aDay) + (state.root ? words.rootNote : ""));
      timeTicks(svg, scales, x);
    };
    /* Local moments of a round step, hours to years, about as many as there is room for. */
    const roundMoments = (from, to, wanted) => {
      const hours = [1, 3, 6, 12, 24, 48, 168, 336].find((h) => (to - from) / 3600 / h <= wanted);
      const list = [];
      if (hours) {
        const step = hours * 3600, monday = 4 * 86400;
        for (let at = monday + Math.ceil((from + offsetAt(from) - monday) / step) * step; at < to + 86400; at += step) list.push(at - offsetAt(at - offsetAt(from)));
        return list;
      }
      const months = [1, 3, 6, 12, 24, 60].find((m) => (to - from) / 2629800 / m <= wanted) || 120;
      for (let month = Math.floor((local(from).getUTCFullYear() * 12 + local(from).getUTCMonth()) / months) * months; ; month += months) {
        const second = Date.UTC(2000, month - 24000) / 1000;
        if (second > to + 86400) return list;
        list.push(second - offsetAt(second));
      }
    };
    const timeTicks = (svg, scales, x) => {
      const [from, to] = shown(), wanted = svg.classList.contains("narrow") ? 4 : 9;
      const moments = roundMoments(from, to, wanted)
        .filter((second) => second >= from && x(second) < scales.left + scales.width - 24 && x(second) > scales.left + 8);
      const name = (second) => (clock(second) !== "00:00" ? clock(second) : to - from > 300 * 86400 ? words.months[local(second).getUTCMonth()] + " " + local(second).getUTCFullYear() : shortDate(second));
      d3.select(svg).select(".time").selectAll("*").remove();
      d3.select(svg).select(".time").selectAll("text").data(moments).join("text").attr("class", "axis mid")
        .attr("x", (m) => x(m)).attr("y", scales.top + scales.height + 19).text(name);
    };

    const tell = (index) => {
      if (!state.list || !state.list.length) return;
      state.at = Math.max(0, Math.min(state.list.length - 1, index));
      const bucket = state.list[state.at], svg = visible(plot), scales = scalesOf(svg);
      const event = data.events.find((e) => e[1] > bucket.start && e[0] < bucket.end);
      const when = fullDate(bucket.of || bucket.start) + (state.list.hourly ? ", " + clock(bucket.of || bucket.start) : "");
      const share = bucket.mentions ? " (" + decimal((bucket.negative / bucket.mentions) * 100, 0) + "%)" : "";
      say(when + ": " + words.mentions + " " + count(bucket.mentions) +
        (state.sentiment === "" || state.sentiment === "0" ? "; " + words.negative + " " + count(bucket.negative) + (state.sentiment === "" ? share : "") : "") +
        (bucket.expected >= 0 ? "; " + words.expected + " " + decimal(bucket.expected, 1) : "") +
        (event ? "; " + words.kinds[event[2]] + " " + event[3] : ""), state.at, state.list.length - 1);
      cursor(svg, xScale(scales)((bucket.start + bucket.end) / 2), scales);
    };
    const ready = async () => {
      if (data) return;
      data = await load(brand);
      fillChannels();
      refresh();
    };
    const secondAt = (event) => {
      const svg = visible(plot), scales = scalesOf(svg);
      return d3.scaleLinear().domain([scales.left, scales.left + scales.width]).range(shown())(d3.pointer(event, svg)[0]);
    };
    const indexAt = (second) => Math.max(0, d3.bisectRight(state.list.map((b) => b.start), second) - 1);
    const zoom = async (from, to) => {
      await ready();
      const low = data.from, high = data.from + data.hours * 3600;
      state.domain = to - from >= high - low ? null : [Math.max(low, from), Math.min(high, Math.max(to, from + 6 * 3600))];
      refresh();
      tell(Math.floor(state.list.length / 2));
      out.hidden = plain();
    };
    const zoomBy = async (factor) => {
      await ready();
      const [from, to] = shown(), bucket = state.list[state.at], middle = factor < 1 ? (bucket.start + bucket.end) / 2 : (from + to) / 2;
      await zoom(middle - ((to - from) * factor) / 2, middle + ((to - from) * factor) / 2);
    };
    const reset = async () => {
      await ready();
      Object.assign(state, { domain: null, channel: "", sentiment: "", root: false });
      all("select", tools).forEach((select) => { select.value = ""; });
      root.setAttribute("aria-pressed", "false");
      refresh();
      out.hidden = true;
      say("", 0, state.list.length - 1);
    };
    const open = (second) => {
      const article = figure.closest("article"), post = article && nearestPost(article, second);
      const event = data.events.find((e) => e[1] >= second && e[0] <= second + (state.list.hourly ? 3600 : 86400));
      if (post) showPost(post);
      else if (event) goTo(event[4]);
    };
    const change = async (name, value) => {
      await ready();
      state[name] = value;
      refresh();
      tell(state.at);
      out.hidden = plain();
    };

    const out = button(words.zoomOut, reset);
    out.hidden = true;
    const root = button(words.root, async () => {
      await change("root", !state.root);
      root.setAttribute("aria-pressed", String(state.root));
    });
    root.setAttribute("aria-pressed", "false");
    const channel = choice(words.channel, [["", words.allOf]], (value) => change("channel", value));
    const fillChannels = () => data.channels.forEach((name, i) => {
      if (data.parts[i] && data.parts[i].some((part) => part.some((v) => v)))
        channel.querySelector("select").append(make("option", { value: i }, make("span", {}, decode(name)).textContent));
    });
    const decode = (html) => new DOMParser().parseFromString(html, "text/html").documentElement.textContent;
    const tools = make("div", { className: "tools" }, button("+", () => zoomBy(0.5), words.zoomIn), button("\u2212", () => zoomBy(2), words.zoomLess), out, root, channel,
      choice(words.sentiment, [["", words.allOf], ...words.labels.map((label, i) => [i, label])], (value) => change("sentiment", value)));
    plot.before(tools);

    let brushed = false;
    all("svg.chart", plot).forEach((svg) => {
      const scales = scalesOf(svg);
      const brush = d3.brushX().extent([[scales.left, scales.top], [scales.left + scales.width, scales.top + scales.height]]).touchable(false);
      const group = d3.select(svg).append("g").attr("class", "brush").call(brush);
      brush.on("end", (event) => {
        if (!event.selection || !event.sourceEvent) return;
        brushed = true;
        const at = d3.scaleLinear().domain([scales.left, scales.left + scales.width]).range(shown());
        group.call(brush.clear);
        if (event.selection[1] - event.selection[0] > 4) zoom(at(event.selection[0]), at(event.selection[1]));
      });
    });
    plot.addEventListener("pointerenter", ready);
    plot.addEventListener("focus", () => ready().then(() => tell(state.at)));
    plot.addEventListener("pointermove", async (event) => {
      await ready();
      tell(indexAt(secondAt(event)));
    });
    plot.addEventListener("pointerleave", () => cursor(visible(plot), null, scalesOf(visible(plot))));
    plot.addEventListener("click", async (event) => {
      await ready();
      if (!brushed) open(secondAt(event));
      brushed = false;
    });
    plot.addEventListener("dblclick", reset);
    const step = (by) => () => ready().then(() => tell(state.at + by));
    onKeys(plot, {
      ArrowLeft: step(-1), ArrowRight: step(1), PageUp: step(24), PageDown: step(-24),
      Home: step(-1e9), End: step(1e9), Escape: reset, "+": () => zoomBy(0.5), "=": () => zoomBy(0.5), "-": () => zoomBy(2),
      Enter: () => ready().then(() => open(state.list[state.at].start)),
    });
    matchMedia("(max-width:44rem)").addEventListener("change", () => data && reset());
    resets.push(() => data && !plain() && reset());
    return download("burza-" + figure.id + "-hours.csv", words.csvHours, () => {
      if (!data) return "";
      const rows = [[words.hour, words.mentions, ...words.labels, words.expected].join(",")];
      for (let i = 0; i < data.hours; i++) {
        const four = data.sums.map((series) => series[i]), second = data.from + i * 3600;
        rows.push([new Date(second * 1000).toISOString(), four[0] + four[1] + four[2] + four[3], ...four, data.expected[i] >= 0 ? data.expected[i] : ""].join(","));
      }
      return rows.join("\r\n");
    });
  };

  /* ---- figures whose table has a row a period, or a field an hour of the week ---- */

  const rowsFigure = (figure, plot) => {
    const table = figure.querySelector("details.data table"), say = readable(figure, plot, words.hint);
    const rows = [...table.tBodies[0].rows], heads = [...table.tHead.rows[0].cells].map(cellText);
    const panels = +plot.dataset.panels || 0, per = panels ? (heads.length - 1) / panels : heads.length - 1;
    const state = { at: -1, panel: 0 };
    const tell = () => {
      state.at = Math.max(0, Math.min(rows.length - 1, state.at));
      state.panel = Math.max(0, Math.min(Math.max(0, panels - 1), state.panel));
      const cells = [...rows[state.at].cells].map(cellText), first = 1 + state.panel * per;
      const parts = cells.slice(first, first + per).map((text, i) => heads[first + i] + " " + text);
      say(cells[0] + ": " + parts.join("; "), state.at, rows.length - 1);
      const svg = visible(plot), scales = scalesOf(svg);
      cursor(svg, scales.left + (scales.width * (state.at + 0.5)) / rows.length, scales);
    };
    plot.addEventListener("pointermove", (event) => {
      const svg = visible(plot), scales = scalesOf(svg), [x, y] = d3.pointer(event, svg);
      state.at = Math.floor(((x - scales.left) / scales.width) * rows.length);
      state.panel = Math.floor(((y - scales.top + 10) / (scales.height + 22)) * panels);
      tell();
    });
    plot.addEventListener("focus", tell);
    const step = (name, by) => () => { state[name] += by; tell(); };
    onKeys(plot, { ArrowLeft: step("at", -1), ArrowRight: step("at", 1), ArrowUp: step("panel", -1), ArrowDown: step("panel", 1), Home: step("at", -1e9), End: step("at", 1e9) });
  };
  const weekFigure = (figure, plot) => {
    const table = figure.querySelector("details.data table"), say = readable(figure, plot, words.hint);
    const heads = [...table.tHead.rows[0].cells].map(cellText), rows = [...table.tBodies[0].rows];
    const state = { day: 0, hour: 0 };
    const tell = () => {
      state.day = Math.max(0, Math.min(6, state.day));
      state.hour = Math.max(0, Math.min(23, state.hour));
      say(heads[state.day + 1] + " " + cellText(rows[state.hour].cells[0]) + ": " + cellText(rows[state.hour].cells[state.day + 1]), state.day * 24 + state.hour, 167);
    };
    plot.addEventListener("pointermove", (event) => {
      const svg = visible(plot), scales = scalesOf(svg), [x, y] = d3.pointer(event, svg);
      state.hour = Math.floor(((x - scales.left) / scales.width) * 24);
      state.day = Math.floor(((y - scales.top) / scales.height) * 7);
      tell();
    });
    plot.addEventListener("focus", tell);
    const step = (name, by) => () => { state[name] += by; tell(); };
    onKeys(plot, { ArrowLeft: step("hour", -1), ArrowRight: step("hour", 1), ArrowUp: step("day", -1), ArrowDown: step("day", 1) });
  };
  const stripFigure = (figure, plot) => {
    const say = readable(figure, plot, words.hint), links = all("details.data a[href^='#e']", figure);
    let at = -1;
    const tell = (index) => {
      if (!links.length) return;
      at = (index + links.length) % links.length;
      say([...links[at].closest("tr").cells].map(cellText).join(", "), at, links.length - 1);
      all(".bar", plot).forEach((bar) => bar.classList.toggle("chosen", "#" + bar.dataset.to === links[at].hash));
    };
    const barOf = (event) => event.target.closest(".bar[data-to]");
    const indexOf = (bar) => links.findIndex((link) => link.hash === "#" + bar.dataset.to);
    plot.addEventListener("pointermove", (event) => { if (barOf(event)) tell(indexOf(barOf(event))); });
    plot.addEventListener("click", (event) => { if (barOf(event)) goTo(barOf(event).dataset.to); });
    plot.addEventListener("focus", () => tell(Math.max(0, at)));
    onKeys(plot, { ArrowLeft: () => tell(at - 1), ArrowRight: () => tell(at + 1), Enter: () => at >= 0 && goTo(links[at].hash.slice(1)) });
  };

  /* ---- all figures ---- */

  const resets = [];
  const kinds = { hours: timeFigure, days: timeFigure, rows: rowsFigure, week: weekFigure, strip: stripFigure };
  for (const figure of all("figure.figure")) {
    const plot = figure.querySelector(".plot"), table = figure.querySelector("table");
    const hours = kinds[plot.dataset.chart] ? kinds[plot.dataset.chart](figure, plot) : null;
    const tables = figure.querySelector("details.data");
    if (table) (tables || figure.querySelector("figcaption")).before(make("p", { className: "takes" }, download("burza-" + figure.id + ".csv", words.csv, () => tableCsv(table)), ...(hours ? [" ", hours] : [])));
  }

  /* ---- evidence: filters ---- */

  for (const list of all("ol.posts")) {
    const posts = all("li", list), chosen = {};
    const filter = (name) => (value) => {
      chosen[name] = value;
      for (const post of posts) post.hidden = Object.entries(chosen).some(([key, want]) => want !== "" && post.dataset[key] !== want);
    };
    const values = (name) => [...new Set(posts.map((post) => post.dataset[name]))];
    const tools = make("div", { className: "tools" });
    for (const [name, label] of [["channel", words.channel], ["label", words.sentiment]])
      if (values(name).length > 1) tools.append(choice(label, [["", words.allOf], ...values(name).map((value) => [value, value])], filter(name)));
    if (tools.childElementCount) list.before(tools);
  }

  /* ---- addresses into what is closed, and print ---- */

  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let node = target; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
  };
  addEventListener("hashchange", reveal);
  reveal();
  let closed = [];
  addEventListener("beforeprint", () => {
    resets.forEach((reset) => reset());
    closed = all("details:not([open])");
    closed.forEach((details) => { details.open = true; });
  });
  addEventListener("afterprint", () => closed.forEach((details) => { details.open = false; }));
  document.documentElement.classList.add("asked");
})();
