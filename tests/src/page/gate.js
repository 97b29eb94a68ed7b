// Stands between the page and its socket, before the page's own program runs: what the helper
// tells waits here until the test lets it through, so that a page can be looked at in a state
// that lasts a tenth of a second. Nothing of the page is changed for it.
(() => {
  // Other documents, such as about:blank, have no page and no storage.
  if (location.protocol !== "http:") return;
  const gate = {
    // Came from the helper, and was not given to the page yet.
    waiting: [],
    // What the page was given: its phones by number, and how many of its tests were met.
    phones: {},
    // Given on up to the first message after which this says yes; then everything waits.
    test: null,
    // Whether it said yes.
    met: false,
    // From the first own message on the helper is not heard any more.
    told: false,
    // What the page said since then.
    said: [],
    // How many pieces of a file get through; the next one never arrives.
    pieces: Infinity,
    socket: null,

    // The phone that was started last.
    phone() {
      return this.phones[Math.max(...Object.keys(this.phones))];
    },
    // Lets through what waits, up to the state of the test; without a test all of it.
    until(test) {
      this.test = test;
      this.met = false;
      this.pump();
    },
    pump() {
      while (this.waiting.length && !this.met && !this.told) {
        const text = this.waiting.shift();
        this.note(JSON.parse(text));
        this.give(text);
        this.met = Boolean(this.test && this.test(this.phone()));
      }
    },
    note(message) {
      const change = message.change ?? {};
      if (message.type === "snapshot") {
        this.phones = Object.fromEntries(message.state.phones.map(phone => [phone.id, phone]));
      } else if (change.phone) {
        this.phones[change.phone.phone.id] = change.phone.phone;
      } else if (change.progress && this.phones[change.progress.id]) {
        this.phones[change.progress.id].transfer = change.progress.transfer;
      } else if (change.phone_gone) {
        delete this.phones[change.phone_gone.id];
      }
    },
    give(text) {
      this.heard?.call(this.socket, new MessageEvent("message", { data: text }));
    },
    // Says something in the helper's place.
    tell(text) {
      this.told = true;
      this.give(text);
    },
    // The line breaks, and stays broken until the page is loaded again.
    cut() {
      this.broken = true;
      this.socket.close();
    },
  };

  const Real = window.WebSocket;
  window.WebSocket = class extends Real {
    constructor(address) {
      // A door that is not there: the browser tells the page as little as of a helper that is gone.
      super(gate.broken ? address.replace("/api/socket", "/api/nowhere") : address);
      gate.socket = this;
      this.addEventListener("message", event => {
        if (gate.socket !== this) return;
        gate.waiting.push(event.data);
        gate.pump();
      });
    }
    set onmessage(heard) {
      gate.heard = heard;
    }
    send(text) {
      if (gate.told) gate.said.push(JSON.parse(text));
      else super.send(text);
    }
  };

  const fetch = window.fetch;
  window.fetch = (...asked) => {
    if (String(asked[0]).includes("/pieces/") && gate.pieces-- <= 0) return new Promise(() => {});
    return fetch.apply(window, asked);
  };

  // What a load before this one wants of it.
  const wanted = sessionStorage.getItem("gate");
  if (wanted === "shut") gate.test = () => false, gate.met = true;
  if (wanted === "broken") gate.broken = true;
  window.gate = gate;
})();
