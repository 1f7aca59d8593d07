// Does a small piece of work for the form of a contribution, so that a program
// that sends thousands pays for each. Without it the form works all the same.
(() => {
  const form = document.querySelector("form[data-work]");
  if (!form || !window.crypto?.subtle) return;
  const bits = Number(form.dataset.work);
  const token = form.elements.namedItem("jeton").value;
  const field = form.elements.namedItem("travail");
  if (field.value) return;
  const text = new TextEncoder();
  const zeros = (hash) => {
    let n = 0;
    for (const byte of hash) {
      if (byte === 0) n += 8;
      else return n + Math.clz32(byte) - 24;
    }
    return n;
  };
  const work = async () => {
    for (let n = 0; n < 4_000_000; n++) {
      const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", text.encode(`${token}.${n}`)));
      if (zeros(hash) >= bits) {
        field.value = String(n);
        return;
      }
    }
  };
  form.addEventListener("focusin", () => void work(), { once: true });
})();
